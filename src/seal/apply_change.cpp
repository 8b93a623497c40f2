// set and unset: edits on the sealed text, which is then settled. The rest of the file is never rewritten. Changes that
// only put another token in the place of one are collected; any other is made and read back before the next.
#include <algorithm>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "leafseal/sealed_document.hpp"
#include "leafseal/token.hpp"
#include "leafseal/walk.hpp"
#include "seal/document_walk.hpp"
#include "seal/layout_records.hpp"
#include "seal/moved_records.hpp"
#include "seal/same_tree.hpp"
#include "seal/settle.hpp"
#include "seal/token_stash.hpp"
#include "seal/typed_spelling.hpp"

namespace leafseal {
namespace {

NodeId value_node(const Document& value) { return value[value.roots.at(0)].first_child; }

class Changer {
 public:
  Changer(const Format& format, const OpenedDocument& opened, LeafCipher& cipher, const SealOptions& options)
      : format_(format), opened_(opened), document_(&opened.sealed), cipher_(cipher), options_(options),
        selection_(opened.metadata.selection) {
    if (selection_.broken().empty()) return;
    throw Error(ExitCode::conflicting_parameters,
                std::string(selection_field(opened.metadata.selection.kind)) + " of this file: " + quoted(selection_.broken()),
                {"seal the file anew with a pattern that RE2 accepts"});
  }

  std::string apply(std::span<const Change> changes) {
    for (const Change& change : changes) {
      if (change.value == nullptr) {
        remove(change.path);
      } else {
        set(change.path, *change.value);
      }
    }
    read_back();
    if (!changed_) return opened_.sealed.source();
    return finish();
  }

 private:
  using Spelt = std::unordered_set<NodeId>;

  // Makes the edits collected so far and goes on with the text that they give.
  void read_back() {
    if (edits_.empty()) return;
    if (!changed_) records_ = read_layout(opened_, cipher_, options_.warn);
    changed_ = true;
    Document next = format_.parse(apply_edits(document_->source(), edits_), ParseMode::sealed);
    records_ = moved_records(records_, *document_, edits_, next);
    edits_.clear();
    rewritten_.clear();
    if (!typed_.empty()) {
      next = spelt_as_typed(format_, std::move(next), typed_);
      for (TypedSpelling& s : typed_) spelt_.push_back(std::move(s.path));
      typed_.clear();
    }
    current_ = std::make_unique<Document>(std::move(next));
    document_ = current_.get();
  }

  // What a scalar says, sealed or not. In a text that was changed its token is known from the one before.
  ScalarView view(NodeId id) const {
    if (document_ == &opened_.sealed) return {opened_.values[id].type, opened_.values[id].text};
    if (const Value* value = known_value(id)) return {value->type, value->text};
    return {(*document_)[id].type, (*document_)[id].text};
  }
  bool is_token(NodeId id) const {
    return document_ == &opened_.sealed ? opened_.was_token[id] : known_value(id) != nullptr;
  }
  const Value* known_value(NodeId id) const {
    const std::string_view text = (*document_)[id].text;
    if ((*document_)[id].kind != NodeKind::scalar || !looks_like_token(text)) return nullptr;
    if (!listed_) {
      listed_ = true;
      for (NodeId old = 0; old < opened_.was_token.size(); ++old) {
        if (opened_.was_token[old]) known_.emplace(bare_token(opened_.sealed[old].text), opened_.values[old]);
      }
    }
    const auto found = known_.find(std::string(bare_token(text)));
    return found == known_.end() ? nullptr : &found->second;
  }

  void remove(const Path& path) {
    read_back();
    const NodeId node = resolve(*document_, document_->roots.at(0), path);
    if (node == no_node) throw missing(path);
    format_.remove(*document_, node, edits_);
    read_back();
  }

  Error missing(const Path& path) const {
    const auto* index = path.empty() ? nullptr : std::get_if<std::int64_t>(&path.back());
    if (index != nullptr) {
      const NodeId list = resolve(*document_, document_->roots.at(0), {path.begin(), std::prev(path.end())});
      if (list != no_node && (*document_)[list].kind == NodeKind::list) {
        return {ExitCode::generic, "Index " + std::to_string(*index) + " out of bounds"};
      }
    }
    return {ExitCode::generic, "Key not found: " + quoted(address(path))};
  }

  // How far a path leads.
  struct Reached {
    NodeId node;
    std::size_t depth;
  };
  Reached reach(const Path& path) const {
    Reached reached{document_->roots.at(0), 0};
    while (reached.depth < path.size()) {
      const NodeId next = resolve(*document_, reached.node, {path[reached.depth]});
      if (next == no_node) break;
      reached = {next, reached.depth + 1};
    }
    return reached;
  }

  void set(const Path& path, const Document& value) {
    const TypedSpellings typed = typed_spellings({}, value);
    Reached reached = reach(path);
    if (reached.depth == path.size()) {
      if (same_tree(value, value_node(value), *document_, reached.node, [&](NodeId id) { return view(id); })) {
        if (!rewritten_.contains(reached.node)) return;
      } else if (typed.empty() && replace_token(reached.node, value)) {
        return;
      }
    }
    read_back();
    reached = reach(path);
    const Path place = reached.depth == path.size() ? replace(reached.node, path, value) : add(reached, path, value);
    typed_ = typed;
    for (TypedSpelling& s : typed_) s.path.insert(s.path.begin(), place.begin(), place.end());
    read_back();
  }

  Path replace(NodeId node, const Path& path, const Document& value) {
    format_.replace(*document_, node, value, value_node(value), edits_);
    return path;
  }

  // What is missing of the path is built around the value; it lands in the container reached, or in place of a scalar.
  Path add(const Reached& reached, Path path, const Document& value) {
    const auto [at, depth] = reached;
    const NodeKind kind = (*document_)[at].kind;
    const bool into_map = kind == NodeKind::map && std::holds_alternative<std::string>(path[depth]);
    const bool into_list = kind == NodeKind::list && std::holds_alternative<std::int64_t>(path[depth]);
    if (!into_map && !into_list && kind != NodeKind::scalar) throw does_not_fit(path, depth, kind);
    const std::size_t first = kind == NodeKind::scalar ? depth : depth + 1;
    const Document built = wrap(path, first, value);
    if (kind == NodeKind::scalar) {
      format_.replace(*document_, at, built, value_node(built), edits_);
    } else {
      const std::string key = into_map ? std::get<std::string>(path[depth]) : std::string();
      format_.insert(*document_, at, key, built, value_node(built), edits_);
    }
    // A position past the end appends, below it a list begins with its first item.
    if (into_list) path[depth] = children_of(at);
    for (std::size_t i = depth + (into_list ? 1 : 0); i < path.size(); ++i) {
      if (auto* index = std::get_if<std::int64_t>(&path[i])) *index = 0;
    }
    return path;
  }

  static Error does_not_fit(const Path& path, std::size_t depth, NodeKind kind) {
    const Path reached(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(depth));
    return {ExitCode::generic, "the path " + quoted(address(path)) + " does not fit the document: there is a " +
                                   (kind == NodeKind::map ? "mapping, not a list" : "list, not a mapping") + " at " +
                                   (depth == 0 ? "the top" : quoted(address(reached)))};
  }

  std::int64_t children_of(NodeId list) const {
    std::int64_t count = 0;
    for (NodeId at = (*document_)[list].first_child; at != no_node; at = (*document_)[at].next) ++count;
    return count;
  }

  // The value below the path's steps from `first` on: ["a"][0] around 5 is {"a": [5]}.
  static Document wrap(const Path& path, std::size_t first, const Document& value) {
    Document built;
    NodeId parent = built.add(NodeKind::map, no_node);
    built.roots.push_back(parent);
    std::string_view key;
    for (std::size_t i = first; i < path.size(); ++i) {
      const bool map = std::holds_alternative<std::string>(path[i]);
      parent = built.add(map ? NodeKind::map : NodeKind::list, parent);
      built[parent].key = key;
      key = map ? built.keep(std::get<std::string>(path[i])) : std::string_view();
    }
    const NodeId copy = built.copy(value, value_node(value), parent);
    built[copy].key = key;
    return built;
  }

  // A sealed scalar keeps its carrier: only the token within changes. False where that cannot be.
  bool replace_token(NodeId node, const Document& value) {
    const Node& wanted = value[value_node(value)];
    if (wanted.kind != NodeKind::scalar || wanted.type == ScalarType::null || wanted.text.empty()) return false;
    const Value scalar{wanted.type, std::string(wanted.text)};
    if (!is_token(node) || rewritten_.contains(node) || !format_.carries(*document_, node, scalar)) return false;
    const std::string_view old = bare_token((*document_)[node].text);
    const Span span = (*document_)[node].span;
    const std::size_t at = document_->text(span).find(old);
    const auto begin = static_cast<std::uint32_t>(span.begin + at);
    std::string token = cipher_.seal(scalar.text, associated_data(path_of(*document_, node)), token_type(scalar.type));
    known_.emplace(token, scalar);
    edits_.push_back({{begin, begin + static_cast<std::uint32_t>(old.size())}, std::move(token)});
    rewritten_.insert(node);
    return true;
  }

  SealedComments sealed_comments() const {
    SealedComments comments;
    struct Visitor {
      const OpenedDocument& opened;
      LeafCipher& cipher;
      SealedComments& comments;
      void enter(NodeId) {}
      void leave(NodeId) {}
      void leaf(NodeId, std::string_view) {}
      void comment(NodeId id, std::string_view data) {
        if (!opened.was_token[id]) return;
        comments.emplace(bare_token(opened.sealed[id].text), SealedComment{std::string(data), opened.values[id].text});
      }
    };
    Visitor visitor{opened_, cipher_, comments};
    for (const NodeId root : opened_.sealed.roots) walk(opened_.sealed, root, visitor);
    return comments;
  }

  // Records of what was spelt in some way of its own where it gets sealed now, in the order of the document.
  LayoutRecords with_typed_spellings(LayoutRecords records, const SealedComments& comments) const {
    const Document& written = *document_;
    Spelt spelt;
    for (const Path& path : spelt_) {
      if (const NodeId node = resolve(written, written.roots.at(0), path); node != no_node) spelt.insert(node);
    }
    if (spelt.empty()) return records;
    const Addresses addresses(written);
    const auto comment_text = [&](NodeId id) {
      const auto known = comments.find(std::string(bare_token(written[id].text)));
      return known == comments.end() ? written[id].text : std::string_view(known->second.text);
    };
    const auto on_leaf = [&](NodeId id, std::string_view, bool selected) {
      if (!selected || !spelt.contains(id) || is_token(id)) return;
      Spelling lost = format_.lost_spelling(written, id);
      if (lost.value) records.push_back({addresses.of(id), RecordKind::value, std::move(*lost.value)});
    };
    const auto on_comment = [](NodeId, std::string_view, bool) {};
    walk_selected(written, written.roots.at(0), selection_, comment_text, on_leaf, on_comment);
    std::stable_sort(records.begin(), records.end(), [&](const LayoutRecord& a, const LayoutRecord& b) {
      return addresses.at(a.address) < addresses.at(b.address);
    });
    return records;
  }

  std::string finish() {
    const Document& written = *document_;
    Metadata metadata = opened_.metadata;
    const SealedComments comments = sealed_comments();
    Settled settled = settle({format_, selection_, metadata.mac_only_encrypted, comments, cipher_}, written);
    const std::string layout =
        encode_layout(options_.layout_records ? with_typed_spellings(records_, comments) : LayoutRecords());
    if (layout.empty()) {
      metadata.layout.clear();
    } else if (layout != encode_layout(read_layout(opened_, cipher_, nullptr))) {
      metadata.layout = cipher_.seal(layout, layout_associated_data, TokenType::str);
    }
    metadata.last_modified = options_.now;
    metadata.mac = cipher_.seal(settled.digest, metadata.mac_associated_data(), TokenType::str);
    Document tree;
    const NodeId map = metadata_tree(tree, metadata, &written);
    format_.write_metadata(written, tree, map, settled.edits);
    return apply_edits(written.source(), settled.edits);
  }

  const Format& format_;
  const OpenedDocument& opened_;
  const Document* document_;           // the opened one, then `current_`
  std::unique_ptr<Document> current_;  // with the changes so far
  LeafCipher& cipher_;
  const SealOptions& options_;
  Selection selection_;
  Edits edits_;                              // on document_, not made yet
  std::unordered_set<NodeId> rewritten_;     // whose tokens are among them
  LayoutRecords records_;                    // of document_
  TypedSpellings typed_;                     // of the change in work
  std::vector<Path> spelt_;                  // of those made
  mutable std::unordered_map<std::string, Value> known_;  // by token
  mutable bool listed_ = false;                           // those of the opened document are among them
  bool changed_ = false;
};

}  // namespace

std::string apply_changes(const Format& format, const OpenedDocument& opened, std::span<const Change> changes,
                          LeafCipher& cipher, const SealOptions& options) {
  return Changer(format, opened, cipher, options).apply(changes);
}

}  // namespace leafseal
