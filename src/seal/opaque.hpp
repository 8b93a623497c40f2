// Sealing a file that is one leaf (binary): the token is written straight into its frame, so that a large file needs
// room for itself and its token and no more.
#pragma once

#include <string>

#include "leafseal/sealed_document.hpp"

namespace leafseal {

SealedText seal_opaque(const Format& format, const std::string& source, Metadata metadata, LeafCipher& cipher,
                       const SealOptions& options);

}  // namespace leafseal
