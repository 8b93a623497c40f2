// Paths of keys for the shell: `["db"]["pa` goes on to `["db"]["password"]`.
#include <algorithm>

#include "base/file.hpp"
#include "cli/complete.hpp"
#include "leafseal/format.hpp"
#include "leafseal/path.hpp"

namespace leafseal::cli {
namespace {

// What a path can name: neither brackets, which it cannot escape, nor control characters, which no line can hold.
bool can_be_named(std::string_view key) {
  return std::none_of(key.begin(), key.end(),
                      [](char c) { return c == '[' || static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

Document parsed(const Format& format, const std::string& text) {
  try {
    return format.parse(text, ParseMode::sealed);
  } catch (const Error&) {
    return format.parse(text, ParseMode::plain);  // where a file was begun by hand
  }
}

struct Step {
  std::string text;  // with its brackets
  NodeId node;
};

std::vector<Step> steps_below(const Document& document, NodeId node, char quote) {
  std::vector<Step> steps;
  const bool list = document[node].kind == NodeKind::list;
  if (!list && document[node].kind != NodeKind::map) return steps;
  std::size_t index = 0;
  for (NodeId child = document[node].first_child; child != no_node; child = document[child].next, ++index) {
    const Node& entry = document[child];
    if (entry.kind == NodeKind::comment) continue;
    const bool written = entry.key_span.size() != 0 || entry.first_child != no_node;
    if (!list && !written && entry.kind == NodeKind::map) continue;  // the DEFAULT that every INI file has
    const std::string_view key = document[child].key;
    if (list) {
      steps.push_back({"[" + std::to_string(index) + "]", child});
    } else if (can_be_named(key)) {
      steps.push_back({"[" + std::string(1, quote) + std::string(key) + std::string(1, quote) + "]", child});
    }
  }
  return steps;
}

}  // namespace

std::vector<Candidate> complete_key_path(const Environment& environment, const std::string& file,
                                         const std::string& type, std::string_view typed, char quote) {
  std::vector<Candidate> found;
  try {
    const Format* named = format_by_name(type);
    const Format& format = named != nullptr ? *named : format_for_file(file);
    if (format.id() == FormatId::binary) return found;
    const Document document = parsed(format, read_file(absolute_path(file, environment.directory)));
    if (document.roots.empty()) return found;

    if (const std::size_t at = typed.find_first_of("\"'"); at != std::string_view::npos) quote = typed[at];
    const std::size_t whole = typed.rfind(']') == std::string_view::npos ? 0 : typed.rfind(']') + 1;
    const std::string path(typed.substr(0, whole));
    const std::string_view begun = typed.substr(whole);
    const NodeId node = resolve(document, document.roots[0], parse_path(path, ExitCode::invalid_tree_path));
    if (node == no_node) return found;

    if (begun.empty() && whole != 0) found.push_back({path, ""});
    NodeId last = no_node;
    for (const Step& step : steps_below(document, node, quote)) {
      if (!step.text.starts_with(begun)) continue;
      found.push_back({path + step.text, ""});
      last = step.node;
    }
    if (found.size() == 1 && last != no_node) {
      const std::string only = found[0].text;
      for (const Step& step : steps_below(document, last, quote)) found.push_back({only + step.text, ""});
    }
  } catch (const Error&) {
    found.clear();
  }
  return found;
}

}  // namespace leafseal::cli
