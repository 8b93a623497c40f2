#include "net/aws_sigv4.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "base/digest.hpp"
#include "net/hmac.hpp"
#include "net/url.hpp"

namespace leafseal {
namespace {

constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

std::string date_and_time(std::time_t now) {  // 20150830T123600Z
  std::tm utc{};
  ::gmtime_r(&now, &utc);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &utc);
  return std::string(text, size);
}

// Without blanks at the ends, and one blank for several.
std::string folded(std::string_view value) {
  std::string out;
  for (const char c : value) {
    if (c != ' ' && c != '\t') {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

std::string canonical_query(std::string_view query) {
  std::vector<std::string> parts;
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    std::string part(query.substr(0, end));
    query.remove_prefix(std::min(end + 1, query.size()));
    if (part.find('=') == std::string::npos) part += '=';
    parts.push_back(std::move(part));
  }
  // By name, then by value: '=' sorts behind characters that names have, so the parts are not compared as they are.
  std::sort(parts.begin(), parts.end(), [](const std::string& a, const std::string& b) {
    const std::size_t end_a = a.find('=');
    const std::size_t end_b = b.find('=');
    const int names = a.compare(0, end_a, b, 0, end_b);
    return names != 0 ? names < 0 : a.compare(end_a, a.npos, b, end_b, b.npos) < 0;
  });
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : "&") + part;
  return out;
}

struct CanonicalHeaders {
  std::string lines;         // name:value\n each
  std::string signed_names;  // a;b;c
};

CanonicalHeaders canonical_headers(const HttpRequest& request, const std::string& host) {
  std::map<std::string, std::string> sorted{{"host", host}};
  for (const auto& [name, value] : request.headers) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    const auto [place, is_new] = sorted.emplace(std::move(lower), folded(value));
    if (!is_new) place->second += "," + folded(value);
  }
  CanonicalHeaders out;
  for (const auto& [name, value] : sorted) {
    out.lines += name + ":" + value + "\n";
    out.signed_names += (out.signed_names.empty() ? "" : ";") + name;
  }
  return out;
}

}  // namespace

void sign_for_aws(HttpRequest& request, const AwsKeys& keys, const AwsScope& scope) {
  const std::optional<Url> url = parse_url(request.url);
  if (!url) throw Error(ExitCode::generic, "not an http or https address that can be asked: " + quoted(request.url));
  const std::string time = date_and_time(scope.now);
  const std::string day = time.substr(0, 8);
  const std::string body_hash = hex(sha256(request.body));
  const bool is_s3 = scope.service == "s3";

  request.headers.emplace_back("X-Amz-Date", time);
  if (!keys.session_token.empty()) request.headers.emplace_back("X-Amz-Security-Token", keys.session_token);
  if (is_s3) request.headers.emplace_back("X-Amz-Content-Sha256", body_hash);

  const CanonicalHeaders headers = canonical_headers(request, url->host_and_port());
  const std::string canonical = request.method + "\n" + (is_s3 ? url->path : percent_encode(url->path, "/")) + "\n" +
                                canonical_query(url->query) + "\n" + headers.lines + "\n" + headers.signed_names +
                                "\n" + body_hash;
  const std::string where = day + "/" + scope.region + "/" + scope.service + "/aws4_request";
  const std::string to_sign = std::string(algorithm) + "\n" + time + "\n" + where + "\n" + hex(sha256(canonical));

  std::string key = hmac_sha256("AWS4" + keys.secret, day);
  for (const std::string_view part :
       {std::string_view(scope.region), std::string_view(scope.service), std::string_view("aws4_request")}) {
    key = hmac_sha256(key, part);
  }
  request.headers.emplace_back("Authorization", std::string(algorithm) + " Credential=" + keys.id + "/" + where +
                                                    ", SignedHeaders=" + headers.signed_names +
                                                    ", Signature=" + hex(hmac_sha256(key, to_sign)));
}

}  // namespace leafseal
