// A URL of any bytes: what is one is written again as the same, and its host is nothing but a host.
#include "net/url.hpp"

#include <cstddef>
#include <cstdint>

#include "net/hosts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leafseal;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  is_region(text);
  is_loopback(text);
  if (percent_encode(text).find_first_of("/?#@:\\ \r\n") != std::string::npos) __builtin_trap();
  const auto url = parse_url(text);
  if (!url) return 0;
  if (url->host.find_first_of("/?#@\\ \r\n%") != std::string::npos || url->path.front() != '/') __builtin_trap();
  const auto again = parse_url(url->text());
  if (!again || again->text() != url->text() || again->origin() != url->origin()) __builtin_trap();
  return 0;
}
