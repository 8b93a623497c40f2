#include "net/http_curl.hpp"

#include <signal.h>
#include <string.h>

#include <algorithm>
#include <charconv>
#include <new>
#include <string_view>

#include "net/http_handles.hpp"
#include "net/proxy.hpp"

namespace leafseal {
namespace {

constexpr std::size_t answer_limit = std::size_t{1} << 20;

// A peer that closes a TLS connection would end the program by SIGPIPE: OpenSSL writes without MSG_NOSIGNAL.
class SigpipeHeld {
 public:
  SigpipeHeld() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~SigpipeHeld() {
    const timespec now = {};
    while (sigismember(&before_, SIGPIPE) == 0 && sigtimedwait(&pipe_, nullptr, &now) == SIGPIPE) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeHeld(const SigpipeHeld&) = delete;
  SigpipeHeld& operator=(const SigpipeHeld&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
};

struct Answer {
  HttpResponse response;
  std::size_t size = 0;
  bool too_large = false;

  bool fits(std::size_t more) {
    size += more;
    too_large = too_large || size > answer_limit;
    return !too_large;
  }
};

std::size_t take_body(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& answer = *static_cast<Answer*>(to);
  if (!answer.fits(size)) return 0;
  answer.response.body.append(bytes, size);
  return size;
}

std::size_t take_header(char* bytes, std::size_t, std::size_t size, void* to) {
  auto& answer = *static_cast<Answer*>(to);
  if (!answer.fits(size)) return 0;
  std::string_view line(bytes, size);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) answer.response.headers.clear();  // after "100 Continue" comes the real one
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size;
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
  line.remove_prefix(colon + 1);
  while (line.starts_with(' ') || line.starts_with('\t')) line.remove_prefix(1);
  while (line.ends_with(' ') || line.ends_with('\t')) line.remove_suffix(1);
  answer.response.headers.emplace_back(std::move(name), line);
  return size;
}

// What was decrypted does not stay in the record buffer of the connection.
CURLcode cleanse_plaintext(CURL*, void* ssl, void* library) {
  const auto& known = *static_cast<const Curl*>(library);
  if (known.ssl_set_options != nullptr) known.ssl_set_options(static_cast<SSL_CTX*>(ssl), SSL_OP_CLEANSE_PLAINTEXT);
  return CURLE_OK;
}

HttpFault fault_of(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
      return HttpFault::no_host;
    case CURLE_COULDNT_CONNECT:
      return HttpFault::unreachable;
    case CURLE_OPERATION_TIMEDOUT:
      return HttpFault::timeout;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_ENGINE_INITFAILED:
      return HttpFault::tls;
    case CURLE_URL_MALFORMAT:
    case CURLE_BAD_FUNCTION_ARGUMENT:
      return HttpFault::refused;
    default:
      return HttpFault::broken;
  }
}

// One request on one handle.
class Transfer {
 public:
  Transfer(const Curl& library, CURL* easy) : curl_(library), easy_(easy) {}
  ~Transfer() {
    for (curl_slist* list : {headers_, connect_to_}) curl_.slist_free_all(list);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  HttpTry run(const HttpRequest& request, const HttpSettings& settings) {
    set_limits(request, settings);
    set_tls(request.tls, settings);
    set_target(request, settings);
    set_message(request);
    const SigpipeHeld guard;
    const CURLcode code = curl_.easy_perform(easy_);
    HttpTry result;
    result.answered = code == CURLE_OK;
    if (!result.answered) return failed(code, request, settings);
    long status = 0;
    curl_.easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    result.response = std::move(answer_.response);
    result.response.status = static_cast<int>(status);
    return result;
  }

 private:
  template <class Value>
  void set(CURLoption option, Value value) {
    const CURLcode code = curl_.easy_setopt(easy_, option, value);
    if (code != CURLE_OK) throw HttpError(HttpFault::refused, std::string("libcurl: ") + curl_.easy_strerror(code));
  }
  void set_text(CURLoption option, const std::string& text) {
    if (!text.empty()) set(option, text.c_str());
  }

  void set_limits(const HttpRequest& request, const HttpSettings& settings) {
    set(CURLOPT_ERRORBUFFER, error_);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
    set(CURLOPT_PATH_AS_IS, 1L);  // a signature is over the path as we write it
    set(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(settings.timeout.count(), 1)));
    set(CURLOPT_CONNECTTIMEOUT_MS,
        static_cast<long>(std::max<std::int64_t>(std::min(request.connect_timeout, settings.timeout).count(), 1)));
    set(CURLOPT_WRITEFUNCTION, take_body);
    set(CURLOPT_WRITEDATA, &answer_);
    set(CURLOPT_HEADERFUNCTION, take_header);
    set(CURLOPT_HEADERDATA, &answer_);
    set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  }

  void set_tls(const TlsOptions& tls, const HttpSettings& settings) {
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(CURLOPT_SSL_VERIFYPEER, tls.unverified_by.empty() ? 1L : 0L);
    set(CURLOPT_SSL_VERIFYHOST, tls.unverified_by.empty() ? 2L : 0L);
    if (tls.ca_pem.empty() && tls.ca_file.empty()) {
      set_text(CURLOPT_CAINFO, settings.ca_file);
      set_text(CURLOPT_CAPATH, settings.ca_directory);
    } else {
      curl_blob blob{const_cast<char*>(tls.ca_pem.data()), tls.ca_pem.size(), CURL_BLOB_COPY};
      if (!tls.ca_pem.empty()) set(CURLOPT_CAINFO_BLOB, &blob);
      set(CURLOPT_CAINFO, tls.ca_pem.empty() ? tls.ca_file.c_str() : nullptr);
      set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
    }
    set_text(CURLOPT_PROXY_CAINFO, settings.ca_file);
    set_text(CURLOPT_PROXY_CAPATH, settings.ca_directory);
    set_text(CURLOPT_SSLCERT, tls.certificate_file);
    set_text(CURLOPT_SSLKEY, tls.key_file);
    curl_.easy_setopt(easy_, CURLOPT_SSL_CTX_FUNCTION, cleanse_plaintext);  // not with every TLS library
    curl_.easy_setopt(easy_, CURLOPT_SSL_CTX_DATA, const_cast<Curl*>(&curl_));
  }

  void set_target(const HttpRequest& request, const HttpSettings& settings) {
    Url url = settings.url;
    if (!request.tls.server_name.empty() && url.scheme == "https") {
      // libcurl verifies the URL's host: so that is the name to verify, and the connection goes to the real one.
      const std::string port = std::to_string(url.port);
      const std::string real = url.host.find(':') == std::string::npos ? url.host : "[" + url.host + "]";
      add(connect_to_, request.tls.server_name + ":" + port + ":" + real + ":" + port);
      add(headers_, "Host: " + url.host_and_port());
      set(CURLOPT_CONNECT_TO, connect_to_);
      url.host = request.tls.server_name;
    }
    set(CURLOPT_URL, url.text().c_str());
    set(CURLOPT_PROXY, settings.proxy.c_str());  // "" also keeps libcurl from looking into the variables itself
    set(CURLOPT_NOPROXY, "");
    set_text(CURLOPT_UNIX_SOCKET_PATH, request.unix_socket);
  }

  void set_message(const HttpRequest& request) {
    if (request.method == "POST" || request.method == "PUT" || !request.body.empty()) {
      set(CURLOPT_POST, 1L);
      set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
      set(CURLOPT_POSTFIELDS, request.body.data());
      add(headers_, "Expect:");
      const auto names_type = [](const auto& header) {
        return ::strcasecmp(header.first.c_str(), "content-type") == 0;
      };
      if (std::none_of(request.headers.begin(), request.headers.end(), names_type)) add(headers_, "Content-Type:");
    }
    if (request.method != "GET") set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
    set(CURLOPT_USERAGENT, "leafseal");
    // libcurl leaves out "Name:" and sends "Name;" as a header without a value.
    for (const auto& [name, value] : request.headers) add(headers_, value.empty() ? name + ";" : name + ": " + value);
    set(CURLOPT_HTTPHEADER, headers_);
  }

  void add(curl_slist*& list, const std::string& text) {
    curl_slist* longer = curl_.slist_append(list, text.c_str());
    if (longer == nullptr) throw std::bad_alloc();
    list = longer;
  }

  HttpTry failed(CURLcode code, const HttpRequest& request, const HttpSettings& settings) const {
    HttpTry result;
    result.fault = answer_.too_large ? HttpFault::too_large : fault_of(code);
    result.reason = reason(code, result.fault, request, settings);
    return result;
  }

  std::string reason(CURLcode code, HttpFault fault, const HttpRequest& request, const HttpSettings& settings) const {
    switch (fault) {
      case HttpFault::too_large:
        return "the answer is larger than 1 MiB";
      case HttpFault::no_host:
        return code == CURLE_COULDNT_RESOLVE_PROXY ? "no such host (the proxy)" : "no such host";
      case HttpFault::timeout:
        return connected() ? "no answer in time" : "no connection in time";
      case HttpFault::unreachable:
        return why_not_connected(request);
      case HttpFault::broken:
        if (code == CURLE_GOT_NOTHING) return "the connection was closed without an answer";
        if (code == CURLE_PARTIAL_FILE) return "the connection was closed in the middle of the answer";
        if (code == CURLE_UNSUPPORTED_PROTOCOL) return "the answer is not HTTP";  // the URL was checked before
        break;
      default:
        break;
    }
    // libcurl's own text names files, hosts and TLS alerts; of the request it quotes nothing but host and proxy.
    const std::string text = error_[0] != '\0' ? error_ : curl_.easy_strerror(code);
    return quoted(without_user(text, settings.proxy), 300);
  }

  bool connected() const {
    double seconds = 0;
    curl_.easy_getinfo(easy_, CURLINFO_PRETRANSFER_TIME, &seconds);
    return seconds > 0;
  }

  std::string why_not_connected(const HttpRequest& request) const {
    long error = 0;
    curl_.easy_getinfo(easy_, CURLINFO_OS_ERRNO, &error);
    std::string text = error == 0 ? "no connection" : ::strerrordesc_np(static_cast<int>(error));
    if (text[0] >= 'A' && text[0] <= 'Z') text[0] = static_cast<char>(text[0] + 32);
    return request.unix_socket.empty() ? text : quoted(request.unix_socket) + ": " + text;
  }

  const Curl& curl_;
  CURL* easy_;
  curl_slist* headers_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  Answer answer_;
  char error_[CURL_ERROR_SIZE] = {};
};

}  // namespace

HttpTry send_once(const HttpRequest& request, const HttpSettings& settings) {
  const HttpHandles::Lease lease(HttpHandles::all(), request.unix_socket + settings.url.origin());
  return Transfer(curl(), lease.easy()).run(request, settings);
}

long retry_after(const std::string& value, std::time_t now) {
  long seconds = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (error == std::errc() && end == value.data() + value.size()) return seconds;
  const std::time_t date = value.empty() ? -1 : curl().getdate(value.c_str(), nullptr);
  return date < 0 ? -1 : std::max(0L, static_cast<long>(date - now));
}

}  // namespace leafseal
