// set: stores one JSON value at a path of a sealed file (spec: cli.md 3.4).
#include "cli/change_value.hpp"
#include "cli/command.hpp"
#include "cli/flags.hpp"
#include "cli/set_value.hpp"
#include "base/file.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

Error wrong_count(const std::string& text) {
  return {ExitCode::no_file_specified, text, {"leafseal set FILE '[\"key\"]' '\"value\"', or --value-stdin < FILE"}};
}

std::string value_text(const Environment& environment, const Options& options) {
  if (options.on("value-stdin")) return environment.read_in();
  const std::string& word = options.words[2];
  if (!options.on("value-file")) return word;
  try {
    return read_file(absolute_path(word, environment.directory));
  } catch (const Error& error) {
    throw error.under(ExitCode::generic, "");  // the reference keeps 2 for FILE
  }
}

int run_set(Environment& environment, const CommandLine& line) {
  const std::vector<std::string>& words = line.options.words;
  const bool from_stdin = line.options.on("value-stdin");
  const bool from_file = line.options.on("value-file");
  if (from_stdin && from_file) throw Error(ExitCode::generic, "cannot use both --value-file and --value-stdin");
  if (from_stdin && words.size() != 2) {
    throw wrong_count("file specified, or index and value are missing. Need precisely 2 positional arguments since "
                      "--value-stdin is used.");
  }
  if (!from_stdin && words.size() != 3) {
    throw wrong_count("no file specified, or index and value are missing. Need precisely 3 positional arguments.");
  }
  const Path path = parse_index(words[1], "set");
  const Document value = parse_set_value(value_text(environment, line.options));
  change_file(environment, line, words[0], path, &value);
  return 0;
}

constexpr auto value_flags = std::to_array<Flag>({
    {"value-stdin", '\0', FlagKind::toggle, "", "", "read the value from stdin"},
    {"value-file", '\0', FlagKind::toggle, "", "", "VALUE is the name of a file that holds the value"},
    {"shamir-secret-sharing-threshold", '\0', FlagKind::number, "", "N", "accepted and not used"},
});
constexpr auto flags = joined(value_flags, idempotent_flag, type_flags, ignore_mac_flag, layout_flag, decryption_flags,
                              key_service_flags, own_flags);

}  // namespace

constinit const Command set_command = {
    "set",
    "FILE PATH [VALUE]",
    "store one value, given as JSON, in an encrypted file",
    "Store a value that a program prints, so that it is in no process list:\n"
    "    make-password | jq -R . | leafseal set --value-stdin secrets.yaml '[\"db\"][\"password\"]'\n"
    "The same from a file:\n"
    "    leafseal set --value-file secrets.yaml '[\"db\"][\"password\"]' password.json\n"
    "Store what is no secret:\n"
    "    leafseal set secrets.yaml '[\"db\"][\"port\"]' 5432\n"
    "Append to a list: an index past its end\n"
    "    leafseal set secrets.yaml '[\"hosts\"][99]' '\"db3\"'\n",
    flags,
    run_set,
};

}  // namespace leafseal::cli
