// Where a result goes: the file itself, --output, or stdout. Nothing is opened before the whole result is there.
#pragma once

#include <string_view>

#include "base/file.hpp"
#include "cli/stores.hpp"

namespace leafseal::cli {

// Error{conflicting_parameters} for -i with stdin or with --output.
void check_output_flags(const CommandLine& line, const Input& input);

void write_result(const Environment& environment, const CommandLine& line, const Input& input, std::string_view text,
                  Privacy privacy, const FileState& state);
void write_in_place(const Environment& environment, const std::string& path, std::string_view text, Privacy privacy,
                    const FileState& state);

}  // namespace leafseal::cli
