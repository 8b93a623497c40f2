// unset: removes one value from a sealed file (spec: cli.md 3.5).
#include "cli/change_value.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

int run_unset(Environment& environment, const CommandLine& line) {
  const std::vector<std::string>& words = line.options.words;
  if (words.size() != 2) {
    throw Error(ExitCode::no_file_specified, "no file specified, or index is missing",
                {"leafseal unset FILE '[\"key\"]'"});
  }
  const Path path = parse_index(words[1], "unset");
  change_file(environment, line, words[0], [&](FormatId) {
    Assignments removal;
    removal.push_back({path, std::nullopt});
    return removal;
  });
  return 0;
}

constexpr auto flags = joined(unused_threshold_flag, idempotent_flag, type_flags, ignore_mac_flag, layout_flag, decryption_flags,
                              key_service_flags, own_flags);

}  // namespace

constinit const Command unset_command = {
    "unset",
    "FILE PATH",
    "remove one value from an encrypted file",
    "Remove a value:\n"
    "    leafseal unset secrets.yaml '[\"db\"][\"old_password\"]'\n"
    "The same in a script that may have run before:\n"
    "    leafseal unset --idempotent secrets.yaml '[\"db\"][\"old_password\"]'\n",
    flags,
    run_unset,
};

}  // namespace leafseal::cli
