#include "cli/metadata_view.hpp"

#include "leafseal/span.hpp"

namespace leafseal::cli {

std::string with_metadata_shown(const Format& format, const std::string& plain, const Metadata& metadata) {
  const Document document = format.parse(plain, ParseMode::plain);
  Document tree;
  const NodeId block = metadata_tree(tree, metadata, nullptr);
  Edits edits;
  format.write_metadata(document, tree, block, edits);
  return apply_edits(plain, edits);
}

std::string without_metadata(const Format& format, const std::string& shown) {
  const Document document = format.parse(shown, ParseMode::sealed);
  try {
    read_metadata(document);
  } catch (const Error& error) {
    throw error.under(error.code(), "SOPS metadata is invalid. ");
  }
  Edits edits;
  format.remove_metadata(document, edits);
  return apply_edits(shown, edits);
}

}  // namespace leafseal::cli
