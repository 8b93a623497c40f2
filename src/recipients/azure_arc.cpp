#include "recipients/azure_arc.hpp"

#include "base/file.hpp"
#include "net/url.hpp"

namespace leafseal {
namespace {

constexpr const char* token_folder = "/var/opt/azcmagent/tokens";

HttpRequest request_to_agent(const std::string& resource, const Environment& environment) {
  const std::string endpoint =
      environment.variable("IDENTITY_ENDPOINT").value_or("http://127.0.0.1:40342/metadata/identity/oauth2/token");
  HttpRequest request;
  request.url = endpoint + "?api-version=2020-06-01&resource=" + percent_encode(resource);
  request.headers = {{"Metadata", "true"}};
  request.direct = true;
  return request;
}

}  // namespace

bool is_on_azure_arc(const Environment& environment) {
  return (environment.variable("IDENTITY_ENDPOINT") && environment.variable("IMDS_ENDPOINT")) ||
         file_exists("/opt/azcmagent/bin/himds");
}

std::string arc_secret(const std::string& challenge, const std::string& folder) {
  constexpr std::string_view scheme = "Basic realm=";
  const std::size_t at = challenge.find(scheme);
  if (at == std::string::npos) throw Error(ExitCode::generic, "the agent of Azure Arc asks for no file");
  const std::string path = challenge.substr(at + scheme.size());
  if (!path.ends_with(".key") || parent_directory(path) != folder || base_name(path).size() <= 4) {
    throw Error(ExitCode::generic,
                "the agent of Azure Arc asks for a file that is not one of its own: " + quoted(path));
  }
  try {
    return read_file(path, 4096);
  } catch (const Error& error) {
    throw Error(ExitCode::generic, error.what(), {"the user must be in the group himds to use the machine's identity"});
  }
}

HttpRequest arc_request(const std::string& resource, const Environment& environment) {
  HttpRequest request = request_to_agent(resource, environment);
  const HttpResponse response = http(environment).send(request, environment);
  if (response.status != 401) {
    throw Error(ExitCode::generic, "expected a 401 response, received " + std::to_string(response.status));
  }
  request.headers.emplace_back("Authorization",
                               "Basic " + arc_secret(response.header("www-authenticate"), token_folder));
  return request;
}

}  // namespace leafseal
