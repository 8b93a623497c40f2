#include "seal/typed_spelling.hpp"

#include <algorithm>

namespace leafseal {
namespace {

bool may_be_spelt(const Node& node, std::string_view written) {
  if (node.kind != NodeKind::scalar || written == node.text) return false;
  if (node.type == ScalarType::boolean) return written != "true" && written != "false";
  return node.type == ScalarType::integer || node.type == ScalarType::floating || node.type == ScalarType::time;
}

NodeId scalar_at(const Document& document, const Path& path) {
  const NodeId node = resolve(document, document.roots.at(0), path);
  return node != no_node && document[node].kind == NodeKind::scalar ? node : no_node;
}

}  // namespace

TypedSpellings typed_spellings(const Document& value) {
  TypedSpellings out;
  for (NodeId id = 0; id < value.size(); ++id) {
    const std::string_view written = value.text(value[id].span);
    if (written.empty() || !may_be_spelt(value[id], written)) continue;
    const Path within = path_of(value, id);
    out.push_back({{std::next(within.begin()), within.end()},
                   {value[id].type, std::string(value[id].text)},
                   std::string(written)});
  }
  return out;
}

Document spelt_as_typed(const Format& format, Document document, TypedSpellings& spellings) {
  while (!spellings.empty()) {
    Edits edits;
    for (const TypedSpelling& s : spellings) {
      if (const NodeId node = scalar_at(document, s.path); node != no_node) {
        format.open(document, node, s.value, {s.text, std::nullopt}, edits);
      }
    }
    try {
      Document spelt = format.parse(apply_edits(document.source(), std::move(edits)), ParseMode::sealed);
      const auto misread = [&](const TypedSpelling& s) {
        const NodeId node = scalar_at(spelt, s.path);
        return node == no_node || spelt[node].type != s.value.type || spelt[node].text != s.value.text;
      };
      if (std::erase_if(spellings, misread) == 0) return spelt;
    } catch (const Error&) {  // a text that does not parse blames no single one
      spellings.clear();
    }
  }
  return document;
}

}  // namespace leafseal
