// edit --show-master-keys: the plain document with its metadata block, and back without it. The block is for looking
// at: what is changed in it is not taken over, as in the reference.
#pragma once

#include <string>

#include "leafseal/format.hpp"
#include "leafseal/metadata.hpp"

namespace leafseal::cli {

std::string with_metadata_shown(const Format& format, const std::string& plain, const Metadata& metadata);
std::string without_metadata(const Format& format, const std::string& shown);

}  // namespace leafseal::cli
