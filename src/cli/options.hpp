// The flag grammar (spec: cli.md 1.1). Each command declares its flags in a table; parse_options() reads a command line
// against it. A flag that is absent takes its value from its variable, an empty one counting as absent.
//
// This is no work for CLI11 or getopt: `-name` and `--name` are one flag, switches take a value only after `=`, letters
// do not bundle, a lone unknown flag behind the first word is a word, global flags end at the first word and those of a
// command do not, and empty variables mean different things for switches and texts. Expressing that takes more code
// against a library than without it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/environment.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {

// A failure that the reference reports as a log line (log_line.hpp): of reading the command line, and of few commands.
class LoggedError : public Error {
 public:
  explicit LoggedError(Error error) : Error(std::move(error)) {}
};

// A command line that the flags of its level do not allow. The reference prints that level's help before the message.
class UsageError : public LoggedError {
 public:
  explicit UsageError(const std::string& text, std::string_view unknown = {})
      : LoggedError(Error(ExitCode::generic, text)), unknown_flag(unknown) {}
  std::string unknown_flag;  // the flag's name, where that is what is wrong
  std::string help;          // of the level; whoever knows it puts it in
};

enum class FlagKind : std::uint8_t { toggle, text, list, number };  // a list accumulates, of the rest the last one wins

struct Flag {
  std::string_view name;
  char letter = '\0';  // the short form
  FlagKind kind = FlagKind::toggle;
  std::string_view variable;     // where the value comes from when the flag is absent
  std::string_view placeholder;  // in help, for all but toggles
  std::string_view help;
};

template <std::size_t... sizes>
constexpr auto joined(const std::array<Flag, sizes>&... groups) {
  std::array<Flag, (sizes + ...)> all{};
  std::size_t at = 0;
  const auto add = [&](const auto& group) {
    for (const Flag& flag : group) all[at++] = flag;
  };
  (add(groups), ...);
  return all;
}

class Options {
 public:
  explicit Options(std::span<const Flag> flags) : flags_(flags) {}

  // Asking for a flag that the table does not have is a bug: std::logic_error.
  bool on(std::string_view name) const;
  std::optional<std::string> text(std::string_view name) const;  // nothing when absent or empty
  std::vector<std::string> list(std::string_view name) const;
  std::optional<int> number(std::string_view name) const;
  bool given(std::string_view name) const;  // on the command line or by its variable
  bool declares(std::string_view name) const;  // the table has it

  std::vector<std::string> words;  // what is no flag, in order
  std::optional<std::size_t> words_before_end;  // how many of them stand in front of `--`, where there is one

  std::span<const Flag> flags() const { return flags_; }
  const std::vector<std::string_view>& given_names() const { return on_command_line_; }  // not by a variable
  bool spelt_out(std::string_view name) const;                                           // is one of them
  // Takes the value of a flag from another level's command line, unless this one has it itself.
  void adopt(const Options& other, std::string_view name);

 private:
  friend class OptionParser;
  const std::vector<std::string>* values(std::string_view name) const;
  std::span<const Flag> flags_;
  std::map<std::string_view, std::vector<std::string>> values_;  // by long name
  std::vector<std::string_view> on_command_line_;
};

// stop_at_word: the words of a global level, where the first one is a command or a file and ends the flags.
enum class FlagPosition { anywhere, stop_at_word };

// Reads args[first...]. `next`, if given, receives the index of the first argument that was not read. Throws UsageError
// with the reference's phrase, and LoggedError for the variable of a switch that is no boolean.
Options parse_options(std::span<const Flag> flags, const std::vector<std::string>& args, std::size_t first,
                      FlagPosition position, const Environment& environment, std::size_t* next = nullptr);

// What an unknown flag was meant to be: a flag of the table that is near, or whose name holds the word; empty if none
// is.
std::string_view nearest_flag(std::span<const Flag> flags, std::string_view name);

}  // namespace leafseal::cli
