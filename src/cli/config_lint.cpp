// config lint: what is wrong or doubtful in a `.sops.yaml`, one line a finding on stdout.
#include "config/lint.hpp"

#include "base/file.hpp"
#include "cli/config_commands.hpp"
#include "cli/flags.hpp"
#include "cli/stores.hpp"

namespace leafseal::cli {
namespace {

constexpr std::size_t size_limit = std::size_t{1} << 20;  // of a config

std::string chosen_file(const Environment& environment, const CommandLine& line) {
  if (line.options.words.size() > 1) throw Error(ExitCode::generic, "config lint reads one file at a time");
  if (!line.options.words.empty()) return line.options.words[0];
  if (auto named = line.anywhere("config")) return *named;
  const auto warn = [&](const std::string& text) { environment.warn_secrecy(text); };
  std::string found = find_config(environment.directory, environment.strict, warn);
  if (!found.empty()) return found;
  throw Error(ExitCode::generic, "config file not found", {"no .sops.yaml stands here or above; name one"});
}

int run_config_lint(Environment& environment, const CommandLine& line) {
  const std::string file = chosen_file(environment, line);
  std::size_t errors = 0;
  std::size_t warnings = 0;
  for (const config::LintFinding& finding :
       config::lint(read_file(absolute_path(file, environment.directory), size_limit))) {
    ++(finding.warning ? warnings : errors);
    environment.out(quoted(file, 4096) + ":" + std::to_string(finding.place.line) + ":" +
                    std::to_string(finding.place.column) + (finding.warning ? ": warning: " : ": error: ") +
                    finding.text + "\n");
  }
  if (errors != 0) return static_cast<int>(ExitCode::generic);
  return warnings != 0 && environment.strict ? static_cast<int>(ExitCode::strict_refusal) : 0;
}

constexpr auto flags = joined(config_flag, own_flags);

}  // namespace

constinit const Command config_lint_command = {
    "lint",
    "[FILE]",
    "find what is wrong or doubtful in .sops.yaml",
    "Check the rules that commands use here:\n"
    "    leafseal config lint\n"
    "Check a file in CI, warnings included:\n"
    "    leafseal config lint --strict deploy/.sops.yaml\n",
    flags,
    run_config_lint,
};

}  // namespace leafseal::cli
