// Whether a service holds the very value that would be sent to it. Numbers are compared by what they are worth and
// exactly (1.50 is 1.5 and 15e-1; two long numbers that round to one double differ), objects without regard to order.
#pragma once

#include <initializer_list>
#include <string_view>

namespace leafseal {

// The value behind the names in `text` against `value`, both JSON. What is no JSON, is not there, or is nested deeper
// than 500 is equal to nothing.
bool json_equals(std::string_view text, std::initializer_list<std::string_view> path, std::string_view value);

}  // namespace leafseal
