#include "net/proxy.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "leafseal/error.hpp"
#include "net/hosts.hpp"

namespace leafseal {
namespace {

std::string first_set(const Environment& environment, std::string_view capitals, std::string_view lower_case) {
  if (auto value = environment.variable(capitals)) return *std::move(value);
  return environment.variable(lower_case).value_or("");
}

struct Address {
  std::array<unsigned char, 16> bytes = {};
  unsigned bits = 0;  // 32 or 128; 0: no address
};

Address address_of(const std::string& text) {
  Address address;
  if (::inet_pton(AF_INET, text.c_str(), address.bytes.data()) == 1) {
    address.bits = 32;
  } else if (::inet_pton(AF_INET6, text.c_str(), address.bytes.data()) == 1) {
    address.bits = 128;
  }
  return address;
}

// 10.0.0.0/8
bool in_network(const Address& address, std::string_view network) {
  const std::size_t slash = network.find('/');
  const Address base = address_of(std::string(network.substr(0, slash)));
  unsigned prefix = 0;
  const auto [end, error] = std::from_chars(network.data() + slash + 1, network.data() + network.size(), prefix);
  if (error != std::errc() || end != network.data() + network.size()) return false;
  if (base.bits == 0 || base.bits != address.bits || prefix > base.bits) return false;
  if (std::memcmp(address.bytes.data(), base.bytes.data(), prefix / 8) != 0) return false;
  const unsigned rest = prefix % 8;
  const auto mask = static_cast<unsigned char>(0xff00 >> rest);
  return rest == 0 || ((address.bytes[prefix / 8] ^ base.bytes[prefix / 8]) & mask) == 0;
}

// One item of NO_PROXY: a network, an address or a name, the last two with or without a port.
bool exempts(std::string_view item, const Url& target, const Address& address) {
  if (item == "*") return true;
  if (item.find('/') != std::string_view::npos) return in_network(address, item);
  std::string host(item);
  const std::size_t colon = item.rfind(':');
  const bool bare_ipv6 = address_of(host).bits == 128;
  if (colon != std::string_view::npos && !bare_ipv6 && !item.ends_with(']')) {
    if (item.substr(colon + 1) != std::to_string(target.port)) return false;
    host = item.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (address.bits != 0) {
    const Address named = address_of(host);
    return named.bits == address.bits && named.bytes == address.bytes;
  }
  if (host.starts_with("*.")) host.erase(0, 1);
  if (host.starts_with('.')) return target.host.size() > host.size() && target.host.ends_with(host);
  return is_under_domain(target.host, host);
}

// "user:password" of scheme://user:password@host, or empty.
std::string user_of(const std::string& proxy) {
  const std::size_t at = proxy.rfind('@');
  const std::size_t scheme = proxy.find("://");
  if (at == std::string::npos || scheme == std::string::npos || scheme + 3 >= at) return "";
  return proxy.substr(scheme + 3, at - scheme - 3);
}

bool is_exempt(const Url& target, std::string list) {
  if (is_loopback(target.host)) return true;
  std::transform(list.begin(), list.end(), list.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  const Address address = address_of(target.host);
  std::string_view rest = list;
  while (!rest.empty()) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    std::string_view item = rest.substr(0, comma);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    while (item.starts_with(' ')) item.remove_prefix(1);
    while (item.ends_with(' ')) item.remove_suffix(1);
    if (!item.empty() && exempts(item, target, address)) return true;
  }
  return false;
}

}  // namespace

std::string proxy_for(const Url& target, const Environment& environment) {
  std::string proxy = target.scheme == "https" ? first_set(environment, "HTTPS_PROXY", "https_proxy")
                                               : first_set(environment, "HTTP_PROXY", "http_proxy");
  if (proxy.empty() || is_exempt(target, first_set(environment, "NO_PROXY", "no_proxy"))) return "";
  // In a CGI program HTTP_PROXY is a header of whoever asks; Go refuses it too.
  if (target.scheme == "http" && environment.variable("REQUEST_METHOD") && environment.variable("HTTP_PROXY"))
    return "";
  return proxy.find("://") == std::string::npos ? "http://" + proxy : proxy;
}

std::string without_user(std::string text, const std::string& proxy) {
  const std::string user = user_of(proxy);
  std::string secrets[] = {user, user.substr(std::min(user.find(':'), user.size()))};
  for (const std::string& secret : secrets) {
    for (std::size_t i = 0; secret.size() > 1 && (i = text.find(secret, i)) != std::string::npos; i += 3) {
      text.replace(i, secret.size(), "...");
    }
  }
  return text;
}

std::string shown_proxy(const std::string& proxy) {
  const std::string user = user_of(proxy);
  return quoted(user.empty() ? proxy : proxy.substr(0, proxy.find("://") + 3) + proxy.substr(proxy.rfind('@') + 1));
}

}  // namespace leafseal
