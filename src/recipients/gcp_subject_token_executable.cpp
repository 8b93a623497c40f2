#include "recipients/gcp_subject_token_executable.hpp"

#include <chrono>
#include <optional>
#include <vector>

#include "base/file.hpp"
#include "base/process.hpp"
#include "base/time.hpp"
#include "leafseal/error.hpp"

namespace leafseal {
namespace {

constexpr const char* allow = "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES";

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  for (const char c : text) {
    const bool blank = c == ' ' || (c >= '\t' && c <= '\r');
    if (!blank) word += c;
    if (blank && !word.empty()) words.push_back(std::exchange(word, ""));
  }
  if (!word.empty()) words.push_back(word);
  return words;
}

// The account's mail address in .../serviceAccounts/EMAIL:generateAccessToken.
std::string impersonated_email(const std::string& url) {
  constexpr std::string_view before = "/serviceAccounts/";
  const std::size_t begin = url.find(before);
  const std::size_t end = url.rfind(":generateAccessToken");
  if (begin == std::string::npos || end == std::string::npos || end < begin + before.size()) return "";
  return url.substr(begin + before.size(), end - begin - before.size());
}

class Response {
 public:
  Response(std::string_view text, std::string place) : fields_(JsonFields::parse(text)), place_(std::move(place)) {
    if (!fields_.parsed()) throw fail("is no JSON object");
    const auto version = fields_.number({"version"});
    if (!version) throw fail("has no version");
    if (!said_success() && !said_failure()) throw fail("has no success");
    if (said_success() && *version != 1) throw fail("is of version " + std::to_string(*version));
  }

  bool usable(std::time_t now) const { return said_success() && (!expires() || *expires() >= now); }
  std::optional<std::int64_t> expires() const { return fields_.number({"expiration_time"}); }

  std::string token(std::time_t now) const {
    if (!said_success()) {
      throw Error(ExitCode::generic, "credentials: the program says (" + quoted(fields_.text({"code"}).value_or("")) +
                                         ") " + quoted(fields_.text({"message"}).value_or(""), 500));
    }
    if (!usable(now)) throw fail("holds a token that has expired");
    const std::string type = fields_.text({"token_type"}).value_or("");
    const bool is_saml = type == "urn:ietf:params:oauth:token-type:saml2";
    if (!is_saml && type != "urn:ietf:params:oauth:token-type:jwt" &&
        type != "urn:ietf:params:oauth:token-type:id_token") {
      throw fail("has a token_type that is none: " + quoted(type));
    }
    const char* name = is_saml ? "saml_response" : "id_token";
    if (auto token = fields_.text({name}); token && !token->empty()) return *std::move(token);
    throw fail(std::string("has no ") + name);
  }

 private:
  bool said_success() const { return fields_.json({"success"}) == "true"; }
  bool said_failure() const { return fields_.json({"success"}) == "false"; }
  Error fail(const std::string& what) const {
    return Error(ExitCode::generic, "credentials: " + place_ + " " + what,
                 {"run the program of the credentials by hand: it prints JSON as AIP-4117 says"});
  }

  JsonFields fields_;
  std::string place_;
};

std::string run(const JsonFields& executable, const GcpAudience& audience, const Environment& environment) {
  ChildOptions options;
  options.set = {{"GOOGLE_EXTERNAL_ACCOUNT_AUDIENCE", audience.name},
                 {"GOOGLE_EXTERNAL_ACCOUNT_TOKEN_TYPE", audience.token_type},
                 {"GOOGLE_EXTERNAL_ACCOUNT_INTERACTIVE", "0"}};
  if (const std::string email = impersonated_email(audience.impersonation); !email.empty()) {
    options.set.emplace_back("GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL", email);
  }
  if (const auto file = executable.text({"output_file"})) {
    options.set.emplace_back("GOOGLE_EXTERNAL_ACCOUNT_OUTPUT_FILE", *file);
  }
  options.time_limit = std::chrono::milliseconds(executable.number({"timeout_millis"}).value_or(30'000));
  const ChildResult result = run_child(words_of(executable.text({"command"}).value_or("")), "", options, environment);
  if (result.exit_code != 0) {
    throw Error(ExitCode::generic, "credentials: executable command failed: " + describe_end(result),
                {"run the program of the credentials by hand"});
  }
  return result.output.empty() ? result.errors : std::string(result.output.view());
}

}  // namespace

void check_gcp_executable(const JsonFields& executable, const std::string& origin) {
  if (words_of(executable.text({"command"}).value_or("")).empty()) {
    throw Error(ExitCode::generic, "credentials: no command in the executable of " + origin);
  }
  const std::int64_t limit = executable.number({"timeout_millis"}).value_or(30'000);
  if (limit >= 5'000 && limit <= 120'000) return;
  throw Error(ExitCode::generic, "credentials: invalid timeout_millis in " + origin, {"write 5000 to 120000"});
}

std::string gcp_executable_subject_token(const JsonFields& executable, const GcpAudience& audience,
                                         const Environment& environment) {
  const std::time_t now = now_of(environment);
  const std::string file = executable.text({"output_file"}).value_or("");
  if (!file.empty() && file_exists(file)) {
    const std::string text = read_file(file, std::size_t{1} << 20);
    if (!text.empty()) {
      const Response kept(text, "the file " + quoted(file));
      if (kept.usable(now)) return kept.token(now);
    }
  }
  if (environment.variable(allow) != "1") {
    throw Error(ExitCode::generic,
                "credentials: executables need to be explicitly allowed (set GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES "
                "to '1') to run",
                {"the credentials name a program; look at it first"});
  }
  const Response response(run(executable, audience, environment), "what the program prints");
  if (!file.empty() && !response.expires()) {
    throw Error(ExitCode::generic,
                "credentials: what the program prints has no expiration_time, and it has an output_file");
  }
  return response.token(now);
}

}  // namespace leafseal
