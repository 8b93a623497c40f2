// ChangedText: a sealed text while `set` and `unset` change it. Edits are collected; read_back() makes them and reads
// the text that they give, which still holds tokens of the opened document beside new values in clear. What the tokens
// say is known from there, and layout records move along. Nothing here is ready to be written: settled_text() makes it
// so.
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "leafseal/sealed_document.hpp"
#include "seal/layout_records.hpp"
#include "seal/same_tree.hpp"
#include "seal/typed_spelling.hpp"

namespace leafseal {

class ChangedText {
 public:
  // All but `warn` must outlive this.
  ChangedText(const Format& format, const OpenedDocument& opened, LeafCipher& cipher, Warn warn)
      : format_(format), opened_(opened), document_(&opened.sealed), cipher_(cipher), warn_(std::move(warn)) {}

  const Document& document() const { return *document_; }
  NodeId find(const Path& path) const { return resolve(*document_, document_->roots.at(0), path); }
  ScalarView view(NodeId scalar) const;  // what it says, sealed or not; edits that are not made yet aside
  bool is_token(NodeId scalar) const;

  Edits edits;  // on document(), not made yet
  // Puts another token in the place of one, within its carrier.
  void put_token(NodeId scalar, const Value& value);
  bool is_rewritten(NodeId scalar) const { return rewritten_.contains(scalar); }

  // Makes the edits. Node ids of before mean nothing afterwards. `typed`: how the new values were spelt.
  void read_back(TypedSpellings typed = {});

  bool changed() const { return changed_; }
  const LayoutRecords& records() const { return records_; }            // of document()
  const std::string& layout_before() const { return layout_before_; }  // of the opened document, encoded
  const std::vector<Path>& spelt() const { return spelt_; }            // where spellings were typed

 private:
  const Value* known_value(NodeId id) const;

  const Format& format_;
  const OpenedDocument& opened_;
  const Document* document_;  // the opened one, then `current_`
  std::unique_ptr<Document> current_;
  LeafCipher& cipher_;
  Warn warn_;
  std::unordered_set<NodeId> rewritten_;
  LayoutRecords records_;
  std::string layout_before_;
  std::vector<Path> spelt_;
  mutable std::unordered_map<std::string, Value> known_;  // by token
  mutable bool listed_ = false;                           // those of the opened document are among them
  bool changed_ = false;
};

// The text as it is written: new values sealed where the selection says so, MAC, layout records, metadata.
std::string settled_text(const Format& format, const OpenedDocument& opened, const ChangedText& changed,
                         const Selection& selection, LeafCipher& cipher, const SealOptions& options);

}  // namespace leafseal
