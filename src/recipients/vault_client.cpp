#include "recipients/vault_client.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

#include "base/file.hpp"
#include "base/go_values.hpp"
#include "net/json_fields.hpp"
#include "net/url.hpp"

namespace leafseal {
namespace {

// VAULT_TOKEN, else ~/.vault-token; empty when there is none: an agent may add its own.
std::string token_of(const VaultRequest& asked, const Environment& environment) {
  std::string token = environment.variable("VAULT_TOKEN").value_or("");
  const std::string path = environment.home() + "/.vault-token";
  if (token.empty() && asked.token_file && !environment.home().empty() && file_exists(path)) {
    try {
      token = read_file(path, std::size_t{1} << 20);
    } catch (const Error& error) {
      throw error.under(ExitCode::generic, "cannot get Vault token: ");
    }
    constexpr std::string_view blanks = " \t\r\n\v\f";
    token.erase(std::min(token.find_last_not_of(blanks) + 1, token.size()));
    token.erase(0, std::min(token.find_first_not_of(blanks), token.size()));
  }
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  if (std::any_of(token.begin(), token.end(), is_control)) {
    throw Error(ExitCode::generic, "configured Vault token contains non-printable characters and cannot be used");
  }
  return token;
}

// VAULT_HEADERS: a JSON object of texts.
void add_users_headers(HttpRequest& request, const Environment& environment) {
  const auto text = environment.variable("VAULT_HEADERS");
  if (!text) return;
  const JsonFields fields = JsonFields::parse(*text);
  if (!fields.parsed()) throw Error(ExitCode::generic, "could not unmarshal environment-supplied headers");
  for (const std::string& name : fields.names({})) {
    if (name.starts_with("X-Vault-")) {
      throw Error(ExitCode::generic, "failed to setup Headers[" + leafseal::quoted(name) +
                                         "]: Header starting by 'X-Vault-' are for internal usage only");
    }
    const auto value = fields.text({name});
    if (!value) throw Error(ExitCode::generic, "environment-supplied headers include non-string values");
    request.headers.emplace_back(name, *value);
  }
}

// VAULT_CAPATH: every certificate in a directory, whatever the files are called.
std::string certificates_in(const std::string& directory) {
  std::string pem;
  std::error_code error;
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
    if (entry.is_regular_file(error)) files.push_back(entry.path().string());
  }
  std::sort(files.begin(), files.end());
  for (const std::string& file : files) pem += read_file(file, std::size_t{1} << 20) + "\n";
  if (pem.empty()) throw Error(ExitCode::generic, "VAULT_CAPATH: no certificates in " + leafseal::quoted(directory));
  return pem;
}

void set_tls(TlsOptions& tls, const Environment& environment) {
  const auto value = [&](std::string_view name) { return environment.variable(name).value_or(""); };
  tls.certificate_file = value("VAULT_CLIENT_CERT");
  tls.key_file = value("VAULT_CLIENT_KEY");
  if (tls.certificate_file.empty() != tls.key_file.empty()) {
    throw Error(ExitCode::generic, "both client cert and client key must be provided",
                {"set VAULT_CLIENT_CERT and VAULT_CLIENT_KEY, or none of them"});
  }
  tls.ca_file = value("VAULT_CACERT");
  if (tls.ca_file.empty()) tls.ca_pem = value("VAULT_CACERT_BYTES");
  if (tls.ca_file.empty() && tls.ca_pem.empty() && environment.variable("VAULT_CAPATH")) {
    tls.ca_pem = certificates_in(value("VAULT_CAPATH"));
  }
  tls.server_name = value("VAULT_TLS_SERVER_NAME");
  if (const auto skip = environment.variable("VAULT_SKIP_VERIFY")) {
    const auto truth = parse_go_bool(*skip);
    if (!truth) throw Error(ExitCode::generic, "could not parse VAULT_SKIP_VERIFY", {"write true or false"});
    if (*truth) tls.unverified_by = "VAULT_SKIP_VERIFY";
  }
}

void set_limits(HttpRequest& request, const Environment& environment) {
  if (const auto text = environment.variable("VAULT_CLIENT_TIMEOUT")) {
    const auto timeout = parse_go_seconds(*text);
    if (!timeout) throw Error(ExitCode::generic, "could not parse \"VAULT_CLIENT_TIMEOUT\"", {"write 30s, or seconds"});
    if (timeout->count() > 0) request.timeout = *timeout;
  }
  if (const auto text = environment.variable("VAULT_MAX_RETRIES")) {
    int retries = -1;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), retries);
    if (error != std::errc() || end != text->data() + text->size() || retries < 0) {
      throw Error(ExitCode::generic, "could not parse VAULT_MAX_RETRIES", {"write a number"});
    }
    request.tries = 1 + std::min(retries, 9);
  }
  // A standby that has not caught up yet.
  request.transient = [](const HttpResponse& response) { return response.status == 412; };
}

// Where the request goes: the agent of the user's environment, on a socket or not, or the key's own address.
void set_target(HttpRequest& request, const VaultRequest& asked, const Environment& environment) {
  constexpr std::string_view unix_scheme = "unix://";
  const auto agent = asked.by_agent ? environment.variable("VAULT_AGENT_ADDR") : std::nullopt;
  std::string address = agent.value_or(asked.address);
  if (agent && address.starts_with(unix_scheme)) {
    request.unix_socket = address.substr(unix_scheme.size());
    address = "http://localhost";
  }
  while (address.ends_with('/')) address.pop_back();
  request.url = address + "/v1/" + percent_encode(asked.path, "/");
  request.proxy =
      environment.variable("VAULT_PROXY_ADDR").value_or(environment.variable("VAULT_HTTP_PROXY").value_or(""));
}

HttpRequest request_for(const VaultRequest& asked, const Environment& environment) {
  HttpRequest request;
  request.method = asked.method;
  request.body = asked.body;
  set_target(request, asked, environment);
  set_tls(request.tls, environment);
  set_limits(request, environment);
  request.headers.emplace_back("X-Vault-Request", "true");
  if (const std::string token = token_of(asked, environment); !token.empty()) {
    request.headers.emplace_back("X-Vault-Token", token);
  }
  if (const auto space = environment.variable("VAULT_NAMESPACE"))
    request.headers.emplace_back("X-Vault-Namespace", *space);
  if (!asked.body.empty()) request.headers.emplace_back("Content-Type", "application/json");
  add_users_headers(request, environment);
  return request;
}

std::string hint_for(const VaultRequest& asked, const HttpResponse& response, const Environment& environment) {
  switch (response.status) {
    case 400:
      return asked.token_file ? "look at the names of the key and its engine: vault list transit/keys" : "";
    case 401:
    case 403:
      if (!token_of(asked, environment).empty()) break;
      if (!asked.token_file) return "there is no token: export VAULT_TOKEN; ~/.vault-token is not read here";
      return "there is no token: export VAULT_TOKEN, or log in with `vault login`";
    case 404:
      return "no engine is mounted at that path: vault secrets list";
    case 503:
      return "the server is sealed or in maintenance: vault status";
    default:
      return "";
  }
  return "the token has expired, or its policy does not allow this: vault token lookup";
}

// Vault lays its reasons out in lines of their own: "1 error occurred:\n\t* permission denied\n\n".
std::string in_one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) out += c;
    if (blank && !out.empty() && out.back() != ' ') out += ' ';
  }
  if (out.ends_with(' ')) out.pop_back();
  return out;
}

// What the reference prints of a refusal; the server's own words may be several.
Error refusal(const VaultRequest& asked, const HttpRequest& request, const HttpResponse& response,
              const Environment& environment) {
  const JsonFields fields = JsonFields::parse(response.body);
  const std::string space = environment.variable("VAULT_NAMESPACE").value_or("");
  std::string text = "Error making API request.\n\n" +
                     (space.empty() ? "" : "Namespace: " + leafseal::quoted(space) + "\n") + "URL: " + request.method + " " + leafseal::quoted(request.url, 1000) +
                     "\nCode: " + std::to_string(response.status) + (fields.parsed() ? ". Errors:" : ". Raw Message:") +
                     "\n\n";
  if (fields.parsed()) {
    const std::vector<std::string> reasons = fields.texts({"errors"});
    for (std::size_t i = 0; i < reasons.size(); ++i) {
      text += (i == 0 ? "* " : "\n* ") + leafseal::quoted(in_one_line(reasons[i]), 1000);
    }
  } else {
    text += leafseal::quoted(response.body, 300);
  }
  const std::string hint = hint_for(asked, response, environment);
  return Error(ExitCode::generic, text, hint.empty() ? std::vector<std::string>() : std::vector<std::string>{hint});
}

}  // namespace

HttpResponse send_to_vault(const VaultRequest& asked, const Environment& environment) {
  const HttpRequest request = request_for(asked, environment);
  HttpResponse response = http(environment).send(request, environment);
  if (response.ok() || (response.status == 404 && request.method == "GET")) return response;
  throw refusal(asked, request, response, environment);
}

}  // namespace leafseal
