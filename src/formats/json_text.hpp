// Strings and numbers as JSON text, in two dialects: `reference` is what the reference prints (HTML characters escaped,
// whole floats without a point), `faithful` what gives back the same bytes and the same type on reading.
#pragma once

#include <string>
#include <string_view>

#include "leafseal/value.hpp"

namespace leafseal {

enum class JsonDialect { reference, faithful };

void append_json_string(std::string& out, std::string_view text, JsonDialect dialect);
// Any scalar. Throws Error{error_dumping_tree} for infinities and NaN, which JSON cannot hold.
void append_json_scalar(std::string& out, ScalarType type, std::string_view text, JsonDialect dialect);

}  // namespace leafseal
