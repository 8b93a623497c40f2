#include "leafseal/http.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <thread>

#include "base/random.hpp"
#include "net/http_curl.hpp"
#include "net/patience.hpp"
#include "net/proxy.hpp"

namespace leafseal {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

bool has_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

void check_message(const HttpRequest& request) {
  const auto is_token = [](std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
      return c > 0x20 && c < 0x7f && std::string_view("()<>@,;:\\\"/[]?={}").find(c) == std::string_view::npos;
    });
  };
  if (!is_token(request.method)) throw HttpError(HttpFault::refused, "no HTTP method: " + quoted(request.method));
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name)) throw HttpError(HttpFault::refused, "no HTTP header: " + quoted(name));
    if (has_break(value)) {
      throw HttpError(HttpFault::refused, "the HTTP header " + name + " would hold a line break",
                      {"look for a line break at the end of the token or variable that it is made of"});
    }
  }
}

void check_verification(const HttpRequest& request, const Url& url, const Environment& environment) {
  if (request.tls.unverified_by.empty() || url.scheme != "https") return;
  const std::string& variable = request.tls.unverified_by;
  if (environment.strict) {
    throw Error(ExitCode::strict_refusal,
                variable + " turns the verification of " + url.host_and_port() + "'s certificate off, and strict is on",
                {"unset " + variable + ", and name the authority's certificate instead"});
  }
  environment.warn_once(variable + " is set: the certificate of " + url.host_and_port() + " is not verified");
}

HttpSettings settings_for(const HttpRequest& request, const Environment& environment) {
  const std::optional<Url> url = parse_url(request.url);
  if (!url) {
    throw HttpError(HttpFault::refused, "not an http or https address that can be asked: " + quoted(request.url));
  }
  check_message(request);
  check_verification(request, *url, environment);
  HttpSettings settings;
  settings.url = *url;
  if (!request.direct && request.unix_socket.empty()) {
    settings.proxy = request.proxy.empty() ? proxy_for(*url, environment) : request.proxy;
  }
  settings.ca_file = environment.variable("SSL_CERT_FILE").value_or("");
  settings.ca_directory = environment.variable("SSL_CERT_DIR").value_or("");
  return settings;
}

bool is_transient(const HttpResponse& response, const HttpRequest& request) {
  constexpr std::array statuses = {408, 429, 500, 502, 503, 504};
  return std::find(statuses.begin(), statuses.end(), response.status) != statuses.end() ||
         (request.transient && request.transient(response));
}

bool is_transient(HttpFault fault) {
  return fault == HttpFault::no_host || fault == HttpFault::unreachable || fault == HttpFault::broken;
}

// 0.2 to 0.4 s after the first try, three times that after the second, and so on: a herd of clients spreads.
milliseconds pause_after(int tries) {
  std::array<std::uint8_t, 1> dice;
  random_bytes(dice);
  milliseconds pause{200 + dice[0] * 200 / 255};
  for (int i = 1; i < tries && pause < milliseconds(5'000); ++i) pause *= 3;
  return pause;
}

std::string hint_for(HttpFault fault, const HttpSettings& settings) {
  switch (fault) {
    case HttpFault::no_host:
      return "look at the name, and at the DNS of this machine";
    case HttpFault::unreachable:
      return "nothing listens there, or a firewall is in between";
    case HttpFault::tls:
      return "for an authority of your own: SSL_CERT_FILE=ca.pem, or the service's own variable";
    case HttpFault::timeout:
      return settings.proxy.empty() ? "look at the network, a firewall, or HTTPS_PROXY"
                                    : "look at the proxy and the network";
    default:
      return "";
  }
}

HttpError no_answer(const HttpTry& last, const HttpSettings& settings, const std::string& socket) {
  std::string message =
      "no answer from " + (socket.empty() ? settings.url.origin() : quoted(socket)) + ": " + last.reason;
  if (!settings.proxy.empty()) message += " (by the proxy " + shown_proxy(settings.proxy) + ")";
  const std::string hint = hint_for(last.fault, settings);
  return HttpError(last.fault, message, hint.empty() ? std::vector<std::string>() : std::vector<std::string>{hint});
}

HttpError redirected(const HttpResponse& response, const HttpSettings& settings) {
  const auto target = parse_url(response.header("location"));
  std::string message = settings.url.origin() + " answers with a redirect";
  if (target && target->origin() != settings.url.origin()) message += " to " + quoted(target->origin());
  return HttpError(HttpFault::redirect,
                   message + ", which is not followed: credentials stay with the host that was named",
                   {"name the host that serves the key itself"});
}

class CurlHttp final : public Http {
 public:
  HttpResponse send(const HttpRequest& request, const Environment& environment) override {
    HttpSettings settings = settings_for(request, environment);
    const Clock::time_point deadline = Clock::now() + std::min(request.timeout, process_patience().left());
    for (int tries = 1;; ++tries) {
      const Clock::time_point begin = Clock::now();
      settings.timeout = std::chrono::duration_cast<milliseconds>(deadline - begin);
      if (settings.timeout <= milliseconds(0)) throw out_of_patience(settings);
      HttpTry result = send_once(request, settings);
      const bool again = result.answered ? is_transient(result.response, request) : is_transient(result.fault);
      const Clock::time_point end = Clock::now();
      result.answered && !again ? process_patience().answered(begin, end) : process_patience().lost(begin, end);
      const std::optional<milliseconds> pause = again ? pause_before_next(result, tries, environment) : std::nullopt;
      if (tries >= request.tries || !pause || end + *pause >= deadline) {
        return finish(std::move(result), settings, request.unix_socket);
      }
      std::this_thread::sleep_for(*pause);
      process_patience().lost(end, Clock::now());
    }
  }

 private:
  static std::optional<milliseconds> pause_before_next(const HttpTry& result, int tries,
                                                       const Environment& environment) {
    const std::string asked = result.answered ? result.response.header("retry-after") : "";
    const long seconds =
        asked.empty() ? -1 : retry_after(asked, environment.clock ? environment.clock() : std::time(nullptr));
    if (seconds < 0) return pause_after(tries);
    if (seconds > 3600) return std::nullopt;
    return std::max(milliseconds(seconds * 1000), milliseconds(100));
  }

  static HttpResponse finish(HttpTry result, const HttpSettings& settings, const std::string& socket) {
    if (!result.answered) throw no_answer(result, settings, socket);
    if (result.response.status >= 300 && result.response.status < 400) throw redirected(result.response, settings);
    return std::move(result.response);
  }

  static HttpError out_of_patience(const HttpSettings& settings) {
    return HttpError(HttpFault::timeout,
                     settings.url.origin() + " is not asked: this command has waited two minutes for services already");
  }
};

}  // namespace

std::string HttpResponse::header(std::string_view lower_case_name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [&](const auto& header) { return header.first == lower_case_name; });
  return found == headers.end() ? "" : found->second;
}

Http& http(const Environment& environment) {
  static CurlHttp client;
  return environment.http != nullptr ? *environment.http : client;
}

}  // namespace leafseal
