#include "recipients/aws_credentials_container.hpp"

#include <algorithm>
#include <array>

#include "base/file.hpp"
#include "leafseal/error.hpp"
#include "net/hosts.hpp"
#include "net/metadata_host.hpp"
#include "net/url.hpp"
#include "recipients/aws_credentials_json.hpp"

namespace leafseal {
namespace {

constexpr const char* relative_uri = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* full_uri = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

HttpRequest request_to_agent(const Environment& environment) {
  if (const auto path = environment.variable(relative_uri)) {
    return metadata_request("GET", "http://169.254.170.2" + *path);
  }
  const std::string text = environment.variable(full_uri).value_or("");
  const auto url = parse_url(text);
  if (!url) {
    throw Error(ExitCode::generic, std::string(full_uri) + " is no http or https address: " + quoted(text),
                {"write http://169.254.170.23/v1/credentials, or what the container's agent documents"});
  }
  if (url->scheme == "https") {
    HttpRequest request;
    request.url = text;
    return request;
  }
  static constexpr auto agents = std::to_array<std::string_view>({"169.254.170.2", "169.254.170.23", "fd00:ec2::23"});
  if (!is_loopback(url->host) && std::find(agents.begin(), agents.end(), url->host) == agents.end()) {
    throw Error(ExitCode::generic,
                "invalid endpoint host, \"" + quoted(url->host) + "\", only loopback/ecs/eks hosts are allowed",
                {std::string(full_uri) + " may name other hosts with https only"});
  }
  return metadata_request("GET", text);
}

std::string token_of(const Environment& environment) {
  std::string token = environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or("");
  if (const auto path = environment.variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")) {
    try {
      token = read_file(*path, std::size_t{1} << 20);
    } catch (const Error& error) {
      throw error.under(ExitCode::generic, "failed to read authorization token: ");
    }
  }
  if (token.find_first_of("\r\n") != std::string::npos) {
    throw Error(ExitCode::generic, "authorization token contains invalid newline sequence",
                {"look at AWS_CONTAINER_AUTHORIZATION_TOKEN and the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"});
  }
  return token;
}

}  // namespace

bool has_aws_container(const Environment& environment) {
  return environment.variable(relative_uri) || environment.variable(full_uri);
}

AwsCredentials aws_container_credentials(const Environment& environment) {
  HttpRequest request = request_to_agent(environment);
  request.headers.emplace_back("Accept", "application/json");
  if (std::string token = token_of(environment); !token.empty()) {
    request.headers.emplace_back("Authorization", std::move(token));
  }
  const HttpResponse response = http(environment).send(request, environment);
  const JsonFields fields = JsonFields::parse(response.body);
  AwsCredentials found = aws_credentials_of_json(fields, "Token");
  if (response.ok() && found.keys.complete()) return found;
  throw Error(ExitCode::generic, "failed to load credentials, the container's agent answers with status " +
                                     std::to_string(response.status) + ": " +
                                     quoted(fields.text({"message"}).value_or("no credentials")));
}

}  // namespace leafseal
