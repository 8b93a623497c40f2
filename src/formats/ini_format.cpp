#include "formats/ini_format.hpp"

#include "formats/flat_text.hpp"
#include "formats/ini_comment.hpp"
#include "formats/ini_edit.hpp"
#include "formats/ini_emit.hpp"
#include "formats/ini_scan.hpp"
#include "formats/ini_value.hpp"

namespace leafseal {
namespace {

class IniFormat final : public Format {
 public:
  FormatId id() const override { return FormatId::ini; }
  std::string_view name() const override { return "ini"; }
  Document parse(std::string source, ParseMode mode) const override { return scan_ini(std::move(source), mode); }

  void seal(const Document& document, NodeId node, std::string_view token, Edits& edits) const override {
    if (document[node].kind == NodeKind::comment) return seal_ini_comment(document, node, token, edits);
    const std::string quote(ini_quote(document, node));
    edits.push_back({document[node].span, quote + std::string(token) + quote});
  }

  Spelling lost_spelling(const Document& document, NodeId node) const override {
    Spelling lost;
    if (document[node].kind == NodeKind::comment) {
      if (std::string record = ini_comment_record(document, node); !record.empty()) lost.value = std::move(record);
      return lost;
    }
    const std::string_view written = document.text(document[node].span);
    // What follows on the line may be gone while the value is sealed.
    const bool comes_back = rendered(document, node, ini_rest(document, node)) == written;
    if (!comes_back || rendered(document, node, {}) != written) lost.value = written;
    return lost;
  }

  void open(const Document& document, NodeId node, const Value& value, const Spelling& spelling,
            Edits& edits) const override {
    const std::string text = flat_text(value.type, value.text);
    if (document[node].kind == NodeKind::comment) {
      return open_ini_comment(document, node, text, spelling.value.value_or(std::string()), edits);
    }
    const std::string_view rest = ini_rest(document, node);
    if (spelling.value && fits(*spelling.value, rest, text)) {
      edits.push_back({document[node].span, *spelling.value});
    } else {
      edits.push_back({document[node].span, write_ini_value(text, ini_quote(document, node), rest)});
    }
  }

  void replace(const Document& document, NodeId node, const Document& value, NodeId value_node,
               Edits& edits) const override {
    replace_ini(document, node, value, value_node, edits);
  }
  void insert(const Document& document, NodeId parent, std::string_view key, const Document& value, NodeId value_node,
              Edits& edits) const override {
    insert_ini(document, parent, key, value, value_node, edits);
  }
  void remove(const Document& document, NodeId node, Edits& edits) const override { remove_ini(document, node, edits); }

  void write_metadata(const Document& document, const Document& metadata, NodeId node, Edits& edits) const override {
    write_ini_metadata(document, metadata, node, edits);
  }
  void remove_metadata(const Document& document, Edits& edits) const override { remove_ini_metadata(document, edits); }

  std::string emit(const Document& document, const EmitOptions&) const override { return emit_ini(document); }
  std::string emit_value(const Document& document, NodeId node, const EmitOptions&) const override {
    return emit_ini_value(document, node);
  }

 private:
  // Whether a recorded spelling may be tried. Whether it fits at the end of a text shows only when the whole is read.
  static bool fits(std::string_view spelling, std::string_view rest, std::string_view value) {
    return reads_as_ini_value(spelling, rest, value) ||
           reads_as_ini_value(spelling, rest, value, LineEnd::end_of_text);
  }

  // What open() would write; a value that only its own spelling can hold is nothing.
  static std::string rendered(const Document& document, NodeId node, std::string_view rest) {
    try {
      return write_ini_value(document[node].text, ini_quote(document, node), rest);
    } catch (const Error&) {
      return {};
    }
  }
};

}  // namespace

const Format& ini_format() {
  static const IniFormat format;
  return format;
}

}  // namespace leafseal
