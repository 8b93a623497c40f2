// Values of variables and flags as Go's standard library reads them, since the reference's users write them so.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace leafseal {

std::optional<bool> parse_go_bool(std::string_view text);  // 1 t T true TRUE True, 0 f F false FALSE False

// Whole seconds ("90") or a duration ("1m30s", "500ms", "1.5h"), never negative, at most a day.
std::optional<std::chrono::milliseconds> parse_go_seconds(std::string_view text);

}  // namespace leafseal
