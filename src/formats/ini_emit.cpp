#include "formats/ini_emit.hpp"

#include "formats/flat_text.hpp"
#include "formats/ini_value.hpp"
#include "formats/ini_write.hpp"
#include "formats/json_write.hpp"

namespace leafseal {
namespace {

class Printer {
 public:
  std::string run(const Document& document, NodeId root, NodeId metadata) {
    for (NodeId at = document[root].first_child; at != no_node; at = document[at].next) section(document, at, metadata);
    if (metadata != no_node) metadata_section(document, metadata);
    return std::move(out_);
  }

 private:
  void section(const Document& document, NodeId id, NodeId metadata) {
    if (document[id].kind == NodeKind::comment) return;
    NodeId map = id;
    while (document[map].kind == NodeKind::alias) map = document[map].first_child;
    const std::string_view name = document[id].key;
    if (name.empty()) fail("Error encoding section : empty section name");
    if (document[map].kind != NodeKind::map) {
      fail("Error encoding section: Section values should always be TreeBranches");
    }
    if (metadata != no_node && name == "sops") {
      throw Error(ExitCode::error_dumping_tree,
                  "Error marshaling metadata: Found key \"sops\" in encrypted data, which is a reserved key used for "
                  "SOPS metadata");
    }
    std::string comment;
    const std::vector<IniLine> lines = ini_lines_of(document, map, comment, reference_ini_value);
    print(name, comment, lines);
  }

  void metadata_section(const Document& document, NodeId metadata) {
    std::vector<IniLine> lines;
    for (const MetadataLine& line : compare_metadata(Document(), "", document, metadata).lines) {
      lines.push_back({line.key, reference_ini_value(line.value), {}});
    }
    print("sops", {}, lines);
  }

  // A blank line stands between sections; the first one goes without its header if it is the default one, and without
  // anything if that is empty.
  void print(std::string_view name, std::string_view comment, const std::vector<IniLine>& lines) {
    if (gap_) out_ += '\n';
    append_ini_comment(out_, comment, true, "\n");
    const bool header = !first_ || !is_default(name);
    first_ = false;
    gap_ = header || !lines.empty();
    if (!gap_) return;
    if (header) out_.append("[").append(name).append("]\n");
    append_ini_lines(out_, lines, "\n");
  }

  static bool is_default(std::string_view name) {
    static constexpr std::string_view wanted = "DEFAULT";
    if (name.size() != wanted.size()) return false;
    for (std::size_t i = 0; i < name.size(); ++i) {
      const char upper = name[i] >= 'a' && name[i] <= 'z' ? static_cast<char>(name[i] - 'a' + 'A') : name[i];
      if (upper != wanted[i]) return false;
    }
    return true;
  }

  [[noreturn]] static void fail(const std::string& reason) {
    throw Error(ExitCode::error_dumping_tree, "Error marshaling to INI: " + reason);
  }

  std::string out_;
  bool first_ = true;
  bool gap_ = false;  // a blank line is due before the next section
};

}  // namespace

std::string emit_ini(const Document& document) {
  return Printer().run(document, document.roots.at(0), document.metadata.empty() ? no_node : document.metadata[0]);
}

std::string emit_ini_value(const Document& document, NodeId node) {
  NodeId at = node;
  while (document[at].kind == NodeKind::alias) at = document[at].first_child;
  if (document[at].kind == NodeKind::map) return Printer().run(document, at, no_node);
  const Node& value = document[at];
  if (value.kind == NodeKind::scalar && value.type == ScalarType::string) return std::string(value.text);
  JsonLayout one_line;
  one_line.lines = false;
  one_line.colon = ":";
  one_line.dialect = JsonDialect::reference;
  std::string out;
  append_json(out, document, at, one_line);
  return out;
}

}  // namespace leafseal
