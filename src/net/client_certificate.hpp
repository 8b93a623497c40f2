// A certificate and its private key out of one file, PEM or PKCS#12, by which a program proves to a service who it is.
// The texts lie in heap blocks that are wiped when freed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leafseal {

struct ClientCertificate {
  std::string private_key;         // PEM, PKCS#8, without passphrase
  std::vector<std::string> chain;  // DER; the first one is the private key's
};

// `password`: of a PKCS#12 file or an encrypted PEM key; empty: none. Throws Error{generic}: what the file lacks. No
// message quotes it.
ClientCertificate parse_client_certificate(std::string_view file, const std::string& password);

}  // namespace leafseal
