#include "formats/json_members.hpp"

#include <algorithm>

namespace leafseal {
namespace {

std::string joined(const std::vector<std::string>& texts, const std::string& separator) {
  std::string out;
  for (const std::string& text : texts) {
    if (!out.empty()) out += separator;
    out += text;
  }
  return out;
}

// All members of a container go, or it had none.
void fill_whole(const Document& document, NodeId container, const JsonGap& gap, const JsonLayout& layout,
                Edits& edits) {
  const Span inside{document[container].span.begin + 1, document[container].span.end - 1};
  if (gap.added.empty()) {
    edits.push_back({inside, ""});
  } else if (gap.first_removed != no_node) {
    edits.push_back({{json_begin(document[gap.first_removed]), document[gap.last_removed].span.end},
                     joined(gap.added, layout.separator())});
  } else if (!layout.lines) {
    edits.push_back({inside, joined(gap.added, layout.separator())});
  } else {
    const std::string closing =
        layout.indent.substr(0, layout.indent.size() - std::min(layout.indent.size(), layout.unit.size()));
    edits.push_back(
        {inside, layout.newline + layout.indent + joined(gap.added, layout.separator()) + layout.newline + closing});
  }
}

}  // namespace

std::uint32_t json_begin(const Node& node) { return node.key_span.empty() ? node.begin : node.key_span.begin; }

void fill_gap(const Document& document, NodeId container, const JsonGap& gap, const JsonLayout& layout, Edits& edits) {
  if (gap.added.empty() && gap.first_removed == no_node) return;
  if (gap.before != no_node) {
    const std::uint32_t from = document[gap.before].span.end;
    const std::uint32_t to = gap.last_removed == no_node ? from : document[gap.last_removed].span.end;
    std::string text;
    for (const std::string& added : gap.added) text += layout.separator() + added;
    edits.push_back({{from, to}, std::move(text)});
  } else if (gap.after != no_node) {
    const std::uint32_t to = json_begin(document[gap.after]);
    const std::uint32_t from = gap.first_removed == no_node ? to : json_begin(document[gap.first_removed]);
    std::string text;
    for (const std::string& added : gap.added) text += added + layout.separator();
    edits.push_back({{from, to}, std::move(text)});
  } else {
    fill_whole(document, container, gap, layout, edits);
  }
}

}  // namespace leafseal
