// The older form: flags, then FILE, and no command word (spec: cli.md 3.15).
#include "base/file.hpp"
#include "cli/change_value.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/new_metadata.hpp"
#include "cli/output.hpp"
#include "cli/recipient_changes.hpp"
#include "cli/set_value.hpp"
#include "cli/stores.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

// The older form looks up the creation rule of whatever it may write, and stops where a .sops.yaml has none for the
// file, although only --encrypt and a new file need one; of several modes, --encrypt wants its recipients as well.
void look_up_rule(const Environment& environment, const CommandLine& line) {
  const bool encrypts = line.options.on("encrypt");
  if (line.options.words.empty()) return;  // the mode itself says so
  Environment silent = environment;        // and gives the warnings
  silent.err = [](std::string_view) {};
  const Input input = choose_input(silent, line, false);
  check_output_flags(line, input);
  if (encrypts || line.options.on("decrypt")) require_existing(input);
  const std::optional<Config> config = read_config(silent, line);
  if (encrypts) {
    new_metadata(silent, line, config, input.name, choose_stores(line, input.name, config).input->id());
  } else if (config && config->has_rules) {
    config->rule_for(input.name);
  }
}

// A file to rotate that is not there is told of before a rule is asked for.
bool is_missing(const Environment& environment, const CommandLine& line) {
  return !line.options.words.empty() && !file_exists(absolute_path(line.options.words[0], environment.directory));
}

Path set_path(const std::string& text) {
  try {
    return parse_path(text, ExitCode::invalid_set_format);
  } catch (const Error& error) {
    throw error.under(error.code(), "Invalid --set format: ");
  }
}

// `--set '["a"]["b"] JSON'`
int run_legacy_set(Environment& environment, const CommandLine& line, const std::string& text) {
  choose_input(environment, line, false);  // is there one, and one only
  const std::size_t at = text.find("] ");
  if (at == std::string::npos) {
    throw Error(ExitCode::invalid_set_format, "Invalid --set format",
                {"write it as '[\"key\"] \"value\"'; the command `set` takes the two apart"});
  }
  const Path path = set_path(text.substr(0, at + 1));
  change_file(environment, line, line.options.words[0], [&](FormatId format) {
    Assignments assignments;
    assignments.push_back({path, parse_set_value(text.substr(at + 2), ValueForm::json, format)});
    return assignments;
  });
  return 0;
}

constexpr auto mode_flags = std::to_array<Flag>({
    {"encrypt", 'e', FlagKind::toggle, "", "", "encrypt FILE"},
    {"decrypt", 'd', FlagKind::toggle, "", "", "decrypt FILE"},
    {"rotate", 'r', FlagKind::toggle, "", "", "give FILE a new data key"},
    {"set", '\0', FlagKind::text, "", "'PATH JSON'", "store one value in FILE"},
    {"version", 'v', FlagKind::toggle, "", "", "print the version"},
    {"disable-version-check", '\0', FlagKind::toggle, "SOPS_DISABLE_VERSION_CHECK", "", "nothing is ever checked anyway"},
    {"check-for-updates", '\0', FlagKind::toggle, "", "", "accepted; there is no check"},
    {"config", '\0', FlagKind::text, "SOPS_CONFIG", "FILE", "use FILE instead of the .sops.yaml found"},
    {"indent", '\0', FlagKind::number, "", "N", "indent decrypted YAML and JSON by N blanks"},
    {"mac-only-encrypted", '\0', FlagKind::toggle, "", "", "the MAC covers encrypted values only"},
});
constexpr auto flags =
    joined(mode_flags, output_flags, extract_flags, edit_flags, type_flags, recipient_flags, context_flag,
           recipient_change_flags, selector_flags,
           comment_selector_flags, ignore_mac_flag, idempotent_flag, layout_flag, reuse_flag, decryption_flags,
           key_service_flags, own_flags);

}  // namespace

std::span<const Flag> global_flags() { return flags; }

int run_legacy(Environment& environment, const CommandLine& line) {
  const Options& options = line.options;
  const bool encrypts = options.on("encrypt");
  const bool decrypts = options.on("decrypt");
  const bool rotates = options.on("rotate");
  const auto set = options.text("set");
  if (encrypts + decrypts + rotates + (set ? 1 : 0) > 1) {
    environment.warn("More than one command (--encrypt, --decrypt, --rotate, --set) has been specified. Only the changes "
                     "made by the last one will be visible. Note that this behavior is deprecated and will cause an "
                     "error eventually.");
  }
  const bool looks_up = encrypts + decrypts + (set ? 1 : 0) != 1 || set;
  if (looks_up && !(rotates && is_missing(environment, line))) look_up_rule(environment, line);
  if (set) return run_legacy_set(environment, line, *set);
  if (rotates) return rotate_command.run(environment, line);
  if (decrypts) return decrypt_command.run(environment, line);
  if (encrypts) return encrypt_command.run(environment, line);
  return edit_command.run(environment, line);
}

}  // namespace leafseal::cli
