// Which file a command works on, which formats it reads and writes, and the config that says so (spec: cli.md 1.3, 2).
#pragma once

#include <optional>
#include <string>

#include "cli/command.hpp"
#include "leafseal/creation_rules.hpp"
#include "leafseal/format.hpp"

namespace leafseal::cli {

struct Input {
  bool from_stdin = false;
  std::string path;  // absolute; empty for stdin
  std::string name;  // what rule and format go by: the path, or --filename-override; empty for stdin without one
};

// The FILE of a command. Without a word, or with `-` where no file is called so, stdin if `may_be_stdin`, else
// Error{no_file_specified}. Warns of further words.
Input choose_input(const Environment& environment, const CommandLine& line, bool may_be_stdin);
void require_existing(const Input& input);  // Error{no_file_specified}

struct Stores {
  const Format* input;
  const Format* output;
  EmitOptions emit;     // for the output format
  bool indent_asked = false;  // --indent was given
};

// `.sops.yaml` from --config, or found from the working directory up.
std::optional<Config> read_config(const Environment& environment, const CommandLine& line);
Stores choose_stores(const CommandLine& line, const std::string& name, const std::optional<Config>& config);

// The same failure with the file's name in the message; an empty name is stdin.
Error in_file(const Error& error, ExitCode code, const std::string& prefix, const std::string& name);

// Parsing with the phrases and codes of the two sides: plain text fails with 2, sealed text with 1.
// `name` is the file's, for the message; empty: stdin.
Document parse_plain(const Format& format, std::string text, const std::string& name);
Document parse_sealed(const Format& format, std::string text, const std::string& name);

Warn warnings_of(const Environment& environment);

}  // namespace leafseal::cli
