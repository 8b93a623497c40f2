// doctor: the rules that commands use here, and the variables that steer them.
#include <array>

#include "base/edit_distance.hpp"
#include "base/file.hpp"
#include "cli/doctor_report.hpp"
#include "cli/stores.hpp"
#include "config/lint.hpp"

namespace leafseal::cli {
namespace {

constexpr std::array known_variables = std::to_array<std::string_view>(
    {"SOPS_AGE_KEY", "SOPS_AGE_KEY_CMD", "SOPS_AGE_KEY_FILE", "SOPS_AGE_RECIPIENTS", "SOPS_AGE_SSH_PRIVATE_KEY_CMD",
     "SOPS_AGE_SSH_PRIVATE_KEY_FILE", "SOPS_AZURE_KEYVAULT_URLS", "SOPS_CONFIG", "SOPS_DECRYPTION_ORDER",
     "SOPS_DISABLE_VERSION_CHECK", "SOPS_EDITOR", "SOPS_ENABLE_LOCAL_KEYSERVICE", "SOPS_GCP_KMS_CLIENT_TYPE",
     "SOPS_GCP_KMS_ENDPOINT", "SOPS_GCP_KMS_IDS", "SOPS_GCP_KMS_UNIVERSE_DOMAIN", "SOPS_GPG_EXEC", "SOPS_HC_VAULT_ALLOWLIST",
     "SOPS_HUAWEICLOUD_KMS_IDS", "SOPS_KEYSERVICE", "SOPS_KMS_ARN", "SOPS_PGP_FP", "SOPS_VAULT_URIS"});

constexpr std::size_t size_limit = std::size_t{1} << 20;

void add_lint(const Environment& environment, const Config& config, Report& report) {
  std::string text;
  try {
    text = read_file(absolute_path(config.path, environment.directory), size_limit);
  } catch (const Error&) {
    return;  // no regular file: what was read from it is not there twice
  }
  for (const config::LintFinding& finding : config::lint(text)) {
    const std::string line = quoted(config.path, 4096) + ":" + std::to_string(finding.place.line) + ":" +
                             std::to_string(finding.place.column) + ": " + finding.text;
    if (finding.warning) {
      report.note("config", line);
    } else {
      report.problem("config", line, "correct the rule; `config lint` shows all of them");
    }
  }
}

}  // namespace

void examine_variables(const Environment& environment, Report& report) {
  if (environment.home().empty()) {
    report.problem("variables", "HOME is not set: no key file and no gpg home is found", "set HOME");
  }
  for (const auto& [name, value] : environment.variables) {
    if (!name.starts_with("SOPS_")) continue;
    if (std::find(known_variables.begin(), known_variables.end(), name) != known_variables.end()) continue;
    const std::string_view meant = nearest_word(name, known_variables);
    if (!meant.empty()) {
      report.problem("variables", quoted(name) + " is set, and nothing reads it", "did you mean " + std::string(meant) + "?");
    }
  }
  const std::string file = environment.variable("SOPS_AGE_KEY_FILE").value_or("");
  if (file.starts_with("~")) {
    report.problem("variables", "SOPS_AGE_KEY_FILE begins with ~, which only a shell knows",
                   "write $HOME, or leave the quotes away");
  }
}

void examine_config(const Environment& environment, const CommandLine& line, std::optional<Config>& config,
                    Report& report) {
  try {
    std::string path = line.anywhere("config").value_or("");
    const Warn of_search = [&](const std::string& text) {
      report.problem("config", text, text.find(".sops.yml\"") != std::string::npos ? "rename it to .sops.yaml"
                                                                                    : "make it yours alone: chown, chmod go-w");
    };
    if (path.empty()) path = find_config(environment.directory, false, of_search);
    if (path.empty()) {
      return report.note("config", "no .sops.yaml here or above: recipients must be named with each new file",
                         "`init` makes rules for this directory");
    }
    config = load_config(path, nullptr, environment.directory);  // lint says the warnings
    report.ok("config", "using " + quoted(path, 4096));
    add_lint(environment, *config, report);
  } catch (const Error& error) {
    std::string hint = "commands fail until it is corrected";
    if (!error.hints().empty()) hint = error.hints().back();
    report.problem("config", error.what(), hint);
  }
}

}  // namespace leafseal::cli
