#include "net/url.hpp"

#include <algorithm>

namespace leafseal {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool is_unreserved(char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  return out;
}

bool is_name(std::string_view host) {
  return !host.empty() && host.size() <= 253 && std::all_of(host.begin(), host.end(), [](char c) {
    return is_digit(c) || is_letter(c) || c == '-' || c == '.' || c == '_';
  });
}

bool is_ipv6(std::string_view host) {
  return host.find(':') != std::string_view::npos &&
         std::all_of(host.begin(), host.end(), [](char c) { return is_hex(c) || c == ':' || c == '.'; });
}

// Visible ASCII that RFC 3986 has in a path or a query, and '%' only before two hexadecimal digits.
bool is_encoded(std::string_view text, std::string_view allowed) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2])) return false;
    } else if (!is_unreserved(c) && allowed.find(c) == std::string_view::npos) {
      return false;
    }
  }
  return true;
}

std::optional<std::uint16_t> port_number(std::string_view digits) {
  if (digits.empty() || digits.size() > 5 || !std::all_of(digits.begin(), digits.end(), is_digit)) return std::nullopt;
  unsigned value = 0;
  for (const char c : digits) value = value * 10 + static_cast<unsigned>(c - '0');
  if (value == 0 || value > 65535) return std::nullopt;
  return static_cast<std::uint16_t>(value);
}

std::uint16_t own_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

// host, host:port or [address]:port into `url`.
bool read_authority(std::string_view authority, Url& url) {
  std::string_view host = authority;
  std::string_view rest;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos || !is_ipv6(authority.substr(1, end - 1))) return false;
    host = authority.substr(1, end - 1);
    rest = authority.substr(end + 1);
  } else {
    const std::size_t colon = authority.find(':');
    host = authority.substr(0, colon);
    if (!is_name(host)) return false;
    if (colon != std::string_view::npos) rest = authority.substr(colon);
  }
  url.host = lower(host);
  url.port = own_port(url.scheme);
  if (rest.empty()) return true;
  if (rest.front() != ':') return false;
  if (rest.size() == 1) return true;  // "host:" is the scheme's own port
  const auto port = port_number(rest.substr(1));
  if (port) url.port = *port;
  return port.has_value();
}

}  // namespace

std::string Url::host_and_port() const {
  std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != own_port(scheme)) out += ":" + std::to_string(port);
  return out;
}

std::string Url::origin() const { return scheme + "://" + host_and_port(); }

std::string Url::text() const { return origin() + path + (query.empty() ? "" : "?" + query); }

std::optional<Url> parse_url(std::string_view text) {
  Url url;
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  url.scheme = lower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  text.remove_prefix(colon + 3);
  const std::size_t end = std::min(text.find_first_of("/?#"), text.size());
  if (!read_authority(text.substr(0, end), url)) return std::nullopt;
  text.remove_prefix(end);
  const std::size_t question = text.find('?');
  url.path = text.substr(0, question);
  if (question != std::string_view::npos) url.query = text.substr(question + 1);
  if (url.path.empty()) url.path = "/";
  constexpr std::string_view in_path = "!$&'()*+,;=:@/";
  constexpr std::string_view in_query = "!$&'()*+,;=:@/?[]";
  if (!is_encoded(url.path, in_path) || !is_encoded(url.query, in_query)) return std::nullopt;
  return url;
}

std::string percent_encode(std::string_view text, std::string_view keep) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_unreserved(c) || keep.find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += digits[static_cast<unsigned char>(c) >> 4];
      out += digits[static_cast<unsigned char>(c) & 15];
    }
  }
  return out;
}

std::string form_encode(const std::vector<std::pair<std::string, std::string>>& fields) {
  std::string out;
  for (const auto& [name, value] : fields) {
    if (!out.empty()) out += '&';
    for (const std::string* part : {&name, &value}) {
      std::string encoded = percent_encode(*part, " ");
      std::replace(encoded.begin(), encoded.end(), ' ', '+');
      out += encoded;
      if (part == &name) out += '=';
    }
  }
  return out;
}

}  // namespace leafseal
