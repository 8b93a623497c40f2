#include "recipients/azure_tool.hpp"

#include <algorithm>

#include "base/process.hpp"
#include "net/json_fields.hpp"

namespace leafseal {
namespace {

// The first line that says something. azd writes its errors as JSON.
std::string reason_of(std::string_view errors) {
  std::string first;
  while (!errors.empty()) {
    const std::size_t end = std::min(errors.find('\n'), errors.size());
    std::string_view line = errors.substr(0, end);
    errors.remove_prefix(std::min(end + 1, errors.size()));
    while (line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
    if (line.empty()) continue;
    const JsonFields fields = JsonFields::parse(line);
    if (const auto error = fields.text({"error"})) return *error;
    if (const auto message = fields.text({"data", "message"}); message && !message->empty()) return *message;
    if (first.empty() && !fields.parsed()) first = line;
  }
  return first;
}

}  // namespace

SecretBytes run_azure_tool(std::vector<std::string> words, const Environment& environment) {
  const std::string path = find_program(words[0], environment);
  if (path.empty()) throw AzureUnavailable("executable not found on path");
  words[0] = path;
  ChildOptions options;
  options.directory = "/";
  options.time_limit = std::chrono::seconds(10);
  ChildResult result = [&] {
    try {
      return run_child(words, "", options, environment);
    } catch (const Error& error) {
      throw AzureUnavailable(error.what());
    }
  }();
  if (result.late) throw AzureUnavailable("no answer within ten seconds");
  if (result.exit_code != 0) {
    const std::string said = reason_of(result.errors);
    throw AzureUnavailable(said.empty() ? describe_end(result) : quoted(said, 600));
  }
  return std::move(result.output);
}

AzureTokenRequest fit_for_arguments(const AzureTokenRequest& asked) {
  const bool plain = std::all_of(asked.resource.begin(), asked.resource.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("./:_-").find(c) != std::string_view::npos;
  });
  if (!plain || !asked.resource.starts_with("https://")) {
    throw Error(ExitCode::generic, "invalid scope \"" + quoted(asked.scope()) + "\"");
  }
  return {asked.resource, is_azure_tenant(asked.tenant) && !asked.tenant.starts_with('-') ? asked.tenant : ""};
}

}  // namespace leafseal
