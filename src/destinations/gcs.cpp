#include "destinations/gcs.hpp"

#include <algorithm>
#include <array>

#include "base/random.hpp"
#include "leafseal/error.hpp"
#include "leafseal/http.hpp"
#include "net/crc32.hpp"
#include "net/hosts.hpp"
#include "net/json_fields.hpp"
#include "net/url.hpp"
#include "recipients/gcp_client.hpp"
#include "recipients/gcp_endpoint.hpp"

namespace leafseal {
namespace {

constexpr const char* scope = "https://www.googleapis.com/auth/devstorage.read_write";

// STORAGE_EMULATOR_HOST, with or without a scheme: the user's own service, which gets no token.
std::string emulator(const Environment& environment) {
  std::string host = environment.variable("STORAGE_EMULATOR_HOST").value_or("");
  if (host.empty()) return host;
  if (host.find("://") == std::string::npos) host.insert(0, "http://");
  const auto url = parse_url(host);
  if (!url) {
    throw Error(ExitCode::generic, "STORAGE_EMULATOR_HOST is no http or https address: " + quoted(host),
                {"write HOST:PORT, or http://HOST:PORT"});
  }
  if (url->scheme == "https" || is_loopback(url->host)) return url->origin();
  const std::string what = "files go to " + url->origin() + " without TLS, as STORAGE_EMULATOR_HOST says";
  if (environment.strict) throw Error(ExitCode::strict_refusal, what + ", and strict is on", {"name an https address"});
  environment.warn_once(what);
  return url->origin();
}

std::string service_host(GcpAccess& access, const Environment& environment) {
  constexpr const char* variable = "GOOGLE_CLOUD_UNIVERSE_DOMAIN";
  return gcp_service_host("storage", environment.variable(variable).value_or("googleapis.com"), variable,
                          access.universe());
}

// As the reference's library takes it from the first bytes: a sealed file is text unless something strange is left in
// clear.
std::string_view media_type(std::string_view content) {
  const std::string_view head = content.substr(0, 512);
  const bool binary = std::any_of(head.begin(), head.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 && std::string_view("\t\n\f\r\x1b").find(c) == std::string_view::npos;
  });
  return binary ? "application/octet-stream" : "text/plain; charset=utf-8";
}

std::string new_boundary() {
  std::array<std::uint8_t, 30> bytes;
  random_bytes(bytes);
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

class GcsDestination final : public Destination {
 public:
  GcsDestination(DestinationPlace place, const Environment& environment, GcpAccess& access)
      : place_(std::move(place)), environment_(environment), access_(access) {}

  std::string shown(const std::string& name) const override {
    return "gcs://" + place_.bucket + "/" + place_.prefix + name;
  }

  Stored store(const std::string& name, const std::string& content) const override {
    const std::string sum = crc32_base64(content, crc32_castagnoli);
    const HttpResponse response = send(request_for(place_.prefix + name, content, sum));
    const auto stored = JsonFields::parse(response.body).text({"crc32c"});
    if (stored && *stored != sum) {
      throw Error(ExitCode::generic, "what Cloud Storage has stored is not what was sent: " + quoted(shown(name), 4096),
                  {"publish it again"});
    }
    return Stored::written;
  }

 private:
  HttpRequest request_for(const std::string& object, const std::string& content, const std::string& sum) const {
    const std::string boundary = new_boundary();
    const std::string about = json_object(
        {{"bucket", json_string(place_.bucket)}, {"crc32c", json_string(sum)}, {"name", json_string(object)}});
    HttpRequest request;
    request.method = "POST";
    request.url = "/upload/storage/v1/b/" + percent_encode(place_.bucket) +
                  "/o?alt=json&name=" + percent_encode(object) +
                  "&prettyPrint=false&projection=full&uploadType=multipart";
    request.headers = {{"Content-Type", "multipart/related; boundary=" + boundary}};
    request.body = "--" + boundary + "\r\nContent-Type: application/json\r\n\r\n" + about + "\r\n--" + boundary +
                   "\r\nContent-Type: " + std::string(media_type(content)) + "\r\n\r\n" + content + "\r\n--" +
                   boundary + "--\r\n";
    return request;
  }

  HttpResponse send(HttpRequest request) const {
    if (const std::string own = emulator(environment_); !own.empty()) {
      request.url.insert(0, own);
      HttpResponse response = http(environment_).send(request, environment_);
      if (response.ok()) return response;
      throw Error(ExitCode::generic, gcp_refusal(response));
    }
    request.url.insert(0, service_host(access_, environment_));
    try {
      return send_to_gcp(std::move(request), scope, access_, environment_);
    } catch (const GcpError& error) {
      if (error.status() != 404) throw;
      throw Error(ExitCode::generic, error.what(), {"look at the rule's gcs_bucket"});
    }
  }

  DestinationPlace place_;
  const Environment& environment_;
  GcpAccess& access_;
};

}  // namespace

std::unique_ptr<Destination> make_gcs_destination(const DestinationPlace& place, const Environment& environment,
                                                  GcpAccess& access) {
  return std::make_unique<GcsDestination>(place, environment, access);
}

}  // namespace leafseal
