#include "recipients/gcp_subject_token.hpp"

#include "base/file.hpp"
#include "leafseal/error.hpp"
#include "leafseal/http.hpp"
#include "net/url.hpp"
#include "recipients/gcp_subject_token_aws.hpp"
#include "recipients/gcp_subject_token_executable.hpp"
#include "recipients/gcp_token_endpoint.hpp"

namespace leafseal {
namespace {

constexpr std::size_t most = std::size_t{1} << 20;

std::string trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n\v\f";
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  return std::string(text.substr(begin, text.find_last_not_of(blanks) + 1 - begin));
}

// `format`: the whole text, or one field of a JSON object.
std::string token_in(const std::string& text, const JsonFields& source, const std::string& place) {
  const std::string type = source.text({"format", "type"}).value_or("text");
  if (type == "text") return trimmed(text);
  if (type != "json") {
    throw Error(ExitCode::generic, "credentials: invalid credential_source format type: " + quoted(type),
                {"write text or json"});
  }
  const std::string name = source.text({"format", "subject_token_field_name"}).value_or("");
  if (auto token = JsonFields::parse(text).text({name})) return *std::move(token);
  throw Error(ExitCode::generic, "credentials: no subject token: no text \"" + quoted(name) + "\" in " + place);
}

std::string token_of_file(const std::string& path, const JsonFields& source) {
  std::string text;
  try {
    text = read_file(path, most);
  } catch (const Error& error) {
    throw error.under(ExitCode::generic, "credentials: no subject token: ")
        .hint("whoever vouches for this workload writes it there");
  }
  return token_in(text, source, quoted(path));
}

std::string token_of_url(const std::string& url, const JsonFields& source, const Environment& environment) {
  HttpRequest request;
  request.url = url;
  request.headers = source.text_members({"headers"});
  const HttpResponse response = http(environment).send(request, environment);
  const auto place = parse_url(url);
  const std::string host = place ? place->origin() : quoted(url);
  if (response.ok()) return token_in(response.body, source, "the answer of " + host);
  throw Error(ExitCode::generic, "credentials: no subject token: " + host + " answers with status " +
                                     std::to_string(response.status) + ": " + quoted(response.body, 300));
}

}  // namespace

void check_gcp_subject_source(const JsonFields& source, const std::string& origin, const Environment& environment) {
  if (source.text({"environment_id"}).value_or("").starts_with("aws")) return check_gcp_aws_source(source, origin);
  if (!source.text({"file"}).value_or("").empty()) return;
  if (const std::string url = source.text({"url"}).value_or(""); !url.empty()) {
    return check_gcp_address(url, "credential_source.url in " + origin, environment);
  }
  if (source.object({"executable"}).parsed()) return check_gcp_executable(source.object({"executable"}), origin);
  throw Error(ExitCode::generic, "credentials: unable to parse credential source in " + origin,
              {"a file, a url, an executable and AWS are served"});
}

std::string gcp_subject_token(const JsonFields& source, const GcpAudience& audience, const Environment& environment) {
  if (source.text({"environment_id"}).value_or("").starts_with("aws")) {
    return gcp_aws_subject_token(source, audience, environment);
  }
  if (const auto path = source.text({"file"}); path && !path->empty()) return token_of_file(*path, source);
  if (const auto url = source.text({"url"}); url && !url->empty()) return token_of_url(*url, source, environment);
  return gcp_executable_subject_token(source.object({"executable"}), audience, environment);
}

}  // namespace leafseal
