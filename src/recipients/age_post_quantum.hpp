// The hybrid post-quantum kind of age key (`age1pq1...`, `AGE-SECRET-KEY-PQ-1...`), which this build recognises but
// cannot serve: OpenSSL 3.0 has no ML-KEM. Its entries stay in a document untouched, and an identity of this kind does
// not keep the others of its file from working.
#pragma once

#include <memory>
#include <string_view>

#include "recipients/age.hpp"

namespace leafseal::age {

// Throw Error{generic} for a text that is not Bech32 of the right kind.
std::unique_ptr<PublicKey> parse_post_quantum_recipient(std::string_view text);  // its wrap() throws
std::unique_ptr<Identity> parse_post_quantum_identity(std::string_view text);

}  // namespace leafseal::age
