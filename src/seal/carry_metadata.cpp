#include "seal/carry_metadata.hpp"

namespace leafseal {
namespace {

// The old blocks with their new content, as the pieces that remove_metadata() would delete.
std::vector<std::string> old_blocks(const Format& format, const Document& previous, const Document& tree, NodeId map) {
  Edits update;
  format.write_metadata(previous, tree, map, update);
  const Document updated = format.parse(apply_edits(previous.source(), update), ParseMode::sealed);
  Edits removal;
  format.remove_metadata(updated, removal);
  std::vector<std::string> blocks;
  for (const Edit& edit : removal) {
    if (!edit.text.empty()) return {};
    blocks.emplace_back(updated.text(edit.where));
  }
  return blocks;
}

bool is_break(char c) { return c == '\n' || c == '\r'; }

// Whether one block may stand where the other would: what it shares with its neighbours, breaks and commas, is alike.
bool same_shape(std::string_view a, std::string_view b) {
  if (a.empty() || b.empty()) return false;
  const bool begins_alike = a.front() == b.front() || (!is_break(a.front()) && a.front() != ',' && !is_break(b.front()) && b.front() != ',');
  const bool ends_alike = is_break(a.back()) == is_break(b.back()) && (a.back() == ',') == (b.back() == ',');
  return begins_alike && ends_alike;
}

}  // namespace

void carry_metadata(const Format& format, const Document& plain, const Document* previous, const Document& tree, NodeId map,
                    Edits& edits) {
  Edits fresh;
  format.write_metadata(plain, tree, map, fresh);
  std::vector<std::string> blocks;
  if (previous != nullptr) blocks = old_blocks(format, *previous, tree, map);
  const bool matched = blocks.size() == fresh.size();
  for (std::size_t i = 0; i < fresh.size(); ++i) {
    const bool carried = matched && fresh[i].where.empty() && same_shape(fresh[i].text, blocks[i]);
    edits.push_back({fresh[i].where, carried ? blocks[i] : fresh[i].text});
  }
}

}  // namespace leafseal
