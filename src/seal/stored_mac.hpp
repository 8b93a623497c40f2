// The MAC as a document's metadata states it: a token under the data key, with the time of the last change as its
// associated data (spec: format.md 3.3).
#pragma once

#include <string>

#include "leafseal/error.hpp"
#include "leafseal/leaf_cipher.hpp"
#include "leafseal/metadata.hpp"

namespace leafseal {

// The digest. Throws Error{mac_mismatch}: there is none, or this key does not open it.
std::string stored_mac(const Metadata& metadata, LeafCipher& cipher);

Error mac_mismatch(const std::string& message);

}  // namespace leafseal
