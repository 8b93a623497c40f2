#include "cli/already_encrypted.hpp"

#include "leafseal/metadata.hpp"

namespace leafseal::cli {
namespace {

// A JSON object with `data` and `sops.mac`: what leafseal and sops make of a binary file.
bool looks_like_sealed_binary(const std::string& text) {
  if (!text.starts_with('{') || text.find("\"sops\"") == std::string::npos) return false;
  try {
    const Document document = format_by_id(FormatId::json).parse(text, ParseMode::sealed);
    if (document.metadata.empty() || document.metadata[0] == no_node) return false;
    return document.find(document.roots[0], "data") != no_node &&
           document.find(document.metadata[0], "mac") != no_node;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

Error already_encrypted() {
  return {ExitCode::already_encrypted,
          "The file you have provided contains a top-level entry called 'sops', or for\n"
          "flat file formats top-level entries starting with 'sops_'. This is\n"
          "generally due to the file already being encrypted. SOPS uses a top-level\n"
          "entry called 'sops' to store the metadata required to decrypt the file. For\n"
          "this reason, SOPS can not encrypt files that already contain such an entry.\n"
          "\n"
          "If this is an unencrypted file, rename the 'sops' entry.\n"
          "\n"
          "If this is an encrypted file and you want to edit it, use the editor mode,\n"
          "for example: `sops edit my_file.yaml`"};
}

void refuse_encrypted(const Environment& environment, const Format& format, const Document& plain) {
  if (format.id() == FormatId::binary) {
    if (looks_like_sealed_binary(plain.source())) {
      environment.warn_secrecy("this file looks encrypted already; it is now encrypted a second time");
    }
    return;
  }
  if (has_metadata(plain)) throw already_encrypted();
}

}  // namespace leafseal::cli
