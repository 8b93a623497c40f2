// URLs, read strictly: what two readers could take for different hosts (users, backslashes, blanks, control characters)
// is no URL here. RFC 3986, as far as key services need it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leafseal {

struct Url {
  std::string scheme;      // http or https
  std::string host;        // lower case; IPv6 addresses without brackets
  std::uint16_t port = 0;  // the scheme's own when none is named
  std::string path;        // begins with '/'; percent-encoded as it was
  std::string query;       // without '?'

  // scheme://host[:port], the port only where it is not the scheme's own. For messages, and to compare places.
  std::string origin() const;
  std::string host_and_port() const;  // the Host header's form: the port as in origin()
  std::string text() const;
};

std::optional<Url> parse_url(std::string_view text);

// All but RFC 3986's unreserved characters as %XX. `keep`: further characters that stay, e.g. "/" for a path.
std::string percent_encode(std::string_view text, std::string_view keep = {});

// application/x-www-form-urlencoded: a=b&c=d, blanks as '+'.
std::string form_encode(const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace leafseal
