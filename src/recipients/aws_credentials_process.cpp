#include "recipients/aws_credentials_process.hpp"

#include "base/process.hpp"
#include "leafseal/error.hpp"
#include "recipients/aws_credentials_json.hpp"

namespace leafseal {
namespace {

std::string last_line(std::string_view text) {
  while (text.ends_with('\n') || text.ends_with('\r')) text.remove_suffix(1);
  const std::size_t begin = text.rfind('\n');
  return std::string(begin == std::string_view::npos ? text : text.substr(begin + 1));
}

}  // namespace

AwsCredentials aws_process_credentials(const std::string& command, const Environment& environment) {
  const auto fail = [](const std::string& what) {
    return Error(ExitCode::generic, "process provider error: " + what,
                 {"run the command of credential_process by hand: it prints JSON with Version 1"});
  };
  const ChildResult result = run_child({"/bin/sh", "-c", command}, "", {}, environment);
  if (result.exit_code != 0) {
    const std::string said = last_line(result.errors);
    throw fail("error in credential_process: " + describe_end(result) + (said.empty() ? "" : ": " + quoted(said)));
  }
  const JsonFields fields = JsonFields::parse(result.output.view());
  if (!fields.parsed()) throw fail("parse failed of process output");
  if (fields.number({"Version"}).value_or(0) != 1) throw fail("wrong version in process output (not 1)");
  AwsCredentials found = aws_credentials_of_json(fields, "SessionToken");
  if (found.keys.id.empty()) throw fail("missing AccessKeyId in process output");
  if (found.keys.secret.empty()) throw fail("missing SecretAccessKey in process output");
  return found;
}

}  // namespace leafseal
