// encrypt --reuse OLD: sealing under the data key of an older sealed version, so that what did not change keeps its
// ciphertext. Only for a file that opens, whose MAC holds and that is meant for exactly the same readers: otherwise
// whoever plants a file whose data key he knows would read what is sealed over it.
#pragma once

#include <optional>

#include "cli/open_file.hpp"

namespace leafseal::cli {

// Nothing without --reuse, or where OLD does not qualify: then a line says why and a fresh key is due. An OLD whose
// key cannot be recovered is Error{could_not_retrieve_key}.
std::optional<OpenedFile> reusable(const Environment& environment, const CommandLine& line, const Format& format,
                                   const Metadata& wanted);

}  // namespace leafseal::cli
