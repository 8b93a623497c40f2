// updatekeys and groups: an edit of the metadata and of nothing else.
#include "leafseal/sealed_document.hpp"
#include "seal/written_keys.hpp"

namespace leafseal {
std::string with_keys(const Format& format, const Document& sealed, Metadata metadata, KeyGroups keys) {
  metadata.keys = std::move(keys);
  Document tree;
  const NodeId map = metadata_tree(tree, metadata, &sealed);
  Edits edits;
  format.write_metadata(sealed, tree, map, edits);
  std::string text = apply_edits(sealed.source(), std::move(edits));

  require_written_keys(format.parse(text, ParseMode::sealed), metadata.keys);
  return text;
}

}  // namespace leafseal
