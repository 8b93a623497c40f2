#include "net/huawei_signer.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/digest.hpp"
#include "net/hmac.hpp"
#include "net/url.hpp"

namespace leafseal {
namespace {

constexpr std::string_view algorithm = "SDK-HMAC-SHA256";

std::string date_and_time(std::time_t now) {  // 20150830T123600Z
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  return std::string(text, std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc));
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

std::string canonical_query(std::string_view query) {
  std::vector<std::pair<std::string_view, std::string_view>> parts;
  while (!query.empty()) {
    const std::string_view part = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(part.size() + 1, query.size()));
    const std::size_t equals = std::min(part.find('='), part.size());
    parts.emplace_back(part.substr(0, equals), part.substr(std::min(equals + 1, part.size())));
  }
  std::sort(parts.begin(), parts.end());
  std::string out;
  for (const auto& [name, value] : parts) {
    out.append(out.empty() ? "" : "&").append(name).append("=").append(value);
  }
  return out;
}

struct CanonicalHeaders {
  std::string lines;         // name:value\n each
  std::string signed_names;  // a;b;c
};

CanonicalHeaders canonical_headers(const HttpRequest& request) {
  std::vector<std::pair<std::string, std::string_view>> sorted;
  for (const auto& [name, value] : request.headers) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (lower.starts_with("content-type") || lower.find('_') != std::string::npos) continue;
    sorted.emplace_back(std::move(lower), trimmed(value));
  }
  std::sort(sorted.begin(), sorted.end());
  CanonicalHeaders out;
  for (const auto& [name, value] : sorted) {
    out.lines.append(name).append(":").append(value).append("\n");
    out.signed_names.append(out.signed_names.empty() ? "" : ";").append(name);
  }
  return out;
}

}  // namespace

void sign_for_huawei(HttpRequest& request, const HuaweiKeys& keys, std::time_t now) {
  const std::optional<Url> url = parse_url(request.url);
  if (!url) throw Error(ExitCode::generic, "not an http or https address that can be asked: " + quoted(request.url));
  const std::string time = date_and_time(now);
  request.headers.emplace_back("X-Sdk-Date", time);
  if (!keys.security_token.empty()) request.headers.emplace_back("X-Security-Token", keys.security_token);

  const CanonicalHeaders headers = canonical_headers(request);
  const std::string canonical = request.method + "\n" + url->path + (url->path.ends_with('/') ? "" : "/") + "\n" +
                                canonical_query(url->query) + "\n" + headers.lines + "\n" + headers.signed_names +
                                "\n" + hex(sha256(request.body));
  const std::string to_sign = std::string(algorithm) + "\n" + time + "\n" + hex(sha256(canonical));
  request.headers.emplace_back("Authorization", std::string(algorithm) + " Access=" + keys.access +
                                                    ", SignedHeaders=" + headers.signed_names +
                                                    ", Signature=" + hex(hmac_sha256(keys.secret, to_sign)));
}

}  // namespace leafseal
