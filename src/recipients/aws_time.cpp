#include "recipients/aws_time.hpp"

#include <string>

namespace leafseal {

std::optional<std::time_t> parse_aws_time(std::string_view text) {
  std::string zulu(text);
  if (zulu.ends_with("UTC")) zulu.replace(zulu.size() - 3, 3, "Z");
  return seconds_of_rfc3339(zulu);
}

}  // namespace leafseal
