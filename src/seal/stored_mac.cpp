#include "seal/stored_mac.hpp"

#include "leafseal/sealed_document.hpp"
#include "leafseal/token.hpp"

namespace leafseal {

Error mac_mismatch(const std::string& message) {
  return {ExitCode::mac_mismatch,
          message,
          {"a value in clear, the order of values or the sops block was changed without sealing; compare with version control",
           "to look at the content in spite of this: decrypt --ignore-mac"}};
}

std::string stored_mac(const Metadata& metadata, LeafCipher& cipher) {
  if (metadata.mac.empty()) throw mac_mismatch("MAC mismatch. File has no MAC");
  const auto token = parse_token(metadata.mac);
  if (!token) throw mac_mismatch("Cannot decrypt MAC: Input string does not match sops' data format");
  std::string digest;
  OpenFailure failure;
  if (!cipher.open(*token, metadata.mac_associated_data(), digest, failure)) {
    throw mac_mismatch("Cannot decrypt MAC: " + failure.reason);
  }
  return digest;
}

void check_data_key(const Metadata& metadata, LeafCipher& cipher) { stored_mac(metadata, cipher); }

}  // namespace leafseal
