#include "leafseal/path.hpp"
#include "leafseal/sealed_document.hpp"
#include "seal/document_walk.hpp"

namespace leafseal {

std::vector<std::string> left_in_clear(Document sealed, const Metadata& metadata, LeafCipher& cipher,
                                       const Selection& other) {
  OpenOptions options;
  options.ignore_mac = true;  // whoever wrote this text checked it
  const OpenedDocument opened = open_document(std::move(sealed), metadata, cipher, options);
  const Document& document = opened.sealed;
  std::vector<std::string> addresses;
  for (const NodeId root : document.roots) {
    walk_selected(
        document, root, other, [&](NodeId id) { return std::string_view(opened.values[id].text); },
        [&](NodeId id, std::string_view, bool selected) {
          if (!selected || opened.was_token[id] || document[id].type == ScalarType::null || document[id].text.empty()) return;
          addresses.push_back(address(path_of(document, id)));
        },
        [](NodeId, std::string_view, bool) {});
  }
  return addresses;
}

}  // namespace leafseal
