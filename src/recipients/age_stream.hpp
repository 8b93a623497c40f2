// STREAM, the payload encryption of age: chunks of 64 KiB under ChaCha20-Poly1305, whose nonce counts the chunks and
// marks the last one, so that chunks can be neither reordered nor left out.
#pragma once

#include <string>
#include <string_view>

#include "recipients/age_primitives.hpp"

namespace leafseal::age {

void append_stream(Bytes key, Bytes plaintext, std::string& out);

// Throws Error{generic}.
SecretBytes open_stream(Bytes key, Bytes sealed);

}  // namespace leafseal::age
