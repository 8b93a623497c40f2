// doctor: what is wrong with the surroundings in which files are opened and sealed, and with one file. Asks nobody for a
// passphrase, uses no network, and starts no program but gpg and gpgconf, and those only for PGP recipients.
#include "cli/doctor_report.hpp"
#include "cli/flags.hpp"
#include "config/rule_recipients.hpp"
#include "recipients/recipient_list.hpp"

namespace leafseal::cli {
namespace {

// Recipients that variables name for new files; malformed ones are a problem of their own.
void add_from_variables(const Environment& environment, InPlay& in_play, Report& report) {
  constexpr std::array variables = std::to_array<std::pair<const char*, RecipientKind>>(
      {{"SOPS_AGE_RECIPIENTS", RecipientKind::age}, {"SOPS_PGP_FP", RecipientKind::pgp}});
  for (const auto& [name, kind] : variables) {
    const auto list = environment.variable(name);
    if (!list) continue;
    try {
      for (RecipientEntry& entry : parse_recipient_list(kind, *list)) in_play.recipients.push_back(std::move(entry));
      report.note("variables", std::string(name) + " is set: its recipients take the place of every rule's");
    } catch (const Error& error) {
      report.problem("variables", std::string(name) + ": " + error.what(), "correct it or unset it");
    }
  }
}

int run_doctor(Environment& environment, const CommandLine& line) {
  Report report;
  InPlay in_play;
  std::optional<Config> config;
  examine_variables(environment, report);
  examine_config(environment, line, config, report);
  if (config) {
    for (RecipientEntry& entry : config::all_recipients(*config)) in_play.recipients.push_back(std::move(entry));
  }
  add_from_variables(environment, in_play, report);
  Report of_file;  // goes last, and its recipients count before
  if (!line.options.words.empty()) examine_file(environment, line, config, in_play, of_file);
  examine_age(environment, in_play, report);
  examine_gpg(environment, in_play, report);
  examine_terminal(environment, in_play, report);
  examine_editing(environment, report);
  examine_clock(environment, report);
  examine_git(environment, report);
  report.append(of_file);
  environment.out(line.options.on("json") ? report_as_json(report) : report_as_lines(report, environment.out_is_terminal));
  return report.problems() == 0 ? 0 : static_cast<int>(ExitCode::generic);
}

constexpr auto doctor_flags = std::to_array<Flag>({
    {"json", '\0', FlagKind::toggle, "", "", "print the report as JSON"},
    {"config", '\0', FlagKind::text, "SOPS_CONFIG", "FILE", "use FILE instead of the .sops.yaml found"},
    {"input-type", '\0', FlagKind::text, "", "TYPE", "yaml, json, dotenv, ini or binary; otherwise by the file's name"},
});
constexpr auto flags = joined(doctor_flags, own_flags);

}  // namespace

constinit const Command doctor_command = {
    "doctor",
    "[FILE]",
    "find out why files do not open or seal here",
    "Look at keys, gpg, rules, git and the terminal:\n"
    "    leafseal doctor\n"
    "See who can open a file here, and whether it is intact:\n"
    "    leafseal doctor secrets.yaml\n",
    flags,
    run_doctor,
};

}  // namespace leafseal::cli
