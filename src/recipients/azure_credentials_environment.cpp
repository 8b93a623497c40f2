// EnvironmentCredential: an application and its secret or certificate, all named by variables.
#include "base/base64.hpp"
#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/random.hpp"
#include "net/base64url.hpp"
#include "net/client_certificate.hpp"
#include "net/json_fields.hpp"
#include "net/jwt.hpp"
#include "recipients/azure_entra.hpp"
#include "recipients/azure_sources.hpp"

namespace leafseal {
namespace {

constexpr const char* source = "EnvironmentCredential";

ClientCertificate users_certificate(const std::string& path, const Environment& environment) {
  const std::string password = environment.variable("AZURE_CLIENT_CERTIFICATE_PASSWORD").value_or("");
  std::string file;
  try {
    file = read_file(path, std::size_t{1} << 20);
  } catch (const Error& error) {
    throw AzureUnavailable("failed to read certificate file \"" + quoted(path) + "\": " + error.what());
  }
  try {
    return parse_client_certificate(file, password);
  } catch (const Error& error) {
    throw AzureUnavailable("failed to parse \"" + quoted(path) + "\" due to error \"" + error.what() + "\"");
  }
}

bool sends_chain(const Environment& environment) {
  std::string value = environment.variable("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN").value_or("");
  for (char& c : value) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return value == "1" || value == "true";
}

// A token about ourselves, signed with the certificate's key, that is good for ten minutes. AD FS knows only the older
// signature and thumbprint.
std::string assertion(const ClientCertificate& certificate, const AzureClientId& id, const std::string& url,
                      const Environment& environment) {
  const bool adfs = id.tenant == "adfs";
  const std::string& der = certificate.chain.front();
  std::vector<std::pair<std::string, std::string>> header = {
      {"alg", json_string(adfs ? "RS256" : "PS256")},
      {"typ", json_string("JWT")},
      {adfs ? "x5t" : "x5t#S256", json_string(base64url::encode(adfs ? sha1(der) : sha256(der)))}};
  if (sends_chain(environment)) {
    std::string chain;
    for (const std::string& one : certificate.chain) {
      chain += (chain.empty() ? "" : ",") + json_string(base64::encode(one));
    }
    header.emplace_back("x5c", "[" + chain + "]");
  }
  const std::time_t now = azure_now(environment);
  const std::string claims = json_object({{"aud", json_string(url)},
                                          {"iss", json_string(id.client)},
                                          {"sub", json_string(id.client)},
                                          {"jti", json_string(base64url::encode(random_secret(16).view()))},
                                          {"nbf", std::to_string(now)},
                                          {"exp", std::to_string(now + 600)}});
  return signed_jwt(json_object(header), claims, certificate.private_key,
                    adfs ? JwtSignature::rs256 : JwtSignature::ps256);
}

}  // namespace

AzureToken azure_environment_token(const AzureTokenRequest& asked, const Environment& environment) {
  const AzureClientId id{environment.variable("AZURE_TENANT_ID").value_or(""),
                         environment.variable("AZURE_CLIENT_ID").value_or("")};
  if (id.tenant.empty()) throw AzureUnavailable("missing environment variable AZURE_TENANT_ID");
  if (id.client.empty()) throw AzureUnavailable("missing environment variable AZURE_CLIENT_ID");
  if (const auto secret = environment.variable("AZURE_CLIENT_SECRET")) {
    return entra_token(source, id, asked, {{"client_secret", *secret}}, environment);
  }
  const auto path = environment.variable("AZURE_CLIENT_CERTIFICATE_PATH");
  if (!path) {
    throw AzureUnavailable(
        "incomplete environment variable configuration. Only AZURE_TENANT_ID and AZURE_CLIENT_ID are set");
  }
  const ClientCertificate certificate = users_certificate(*path, environment);
  const std::string url = entra_token_url(tenant_to_ask(id, asked, environment), environment);
  return entra_token(source, id, asked,
                     {{"client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"},
                      {"client_assertion", assertion(certificate, id, url, environment)}},
                     environment);
}

}  // namespace leafseal
