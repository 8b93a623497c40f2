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

namespace leafseal::cli {

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

  std::span<const Flag> flags() const { return flags_; }
  std::vector<std::string_view> given_names() const;  // on the command line only

 private:
  friend class OptionParser;
  const std::vector<std::string>* values(std::string_view name) const;
  std::span<const Flag> flags_;
  std::map<std::string_view, std::vector<std::string>> values_;  // by long name
  std::vector<std::string_view> on_command_line_;
};

// stop_at_word: the words of a global level, where the first one is a command or a file and ends the flags.
enum class FlagPosition { anywhere, stop_at_word };

// Reads args[first...]. `next`, if given, receives the index of the first argument that was not read. Throws
// Error{generic} with the reference's phrase.
Options parse_options(std::span<const Flag> flags, const std::vector<std::string>& args, std::size_t first,
                      FlagPosition position, const Environment& environment, std::size_t* next = nullptr);

}  // namespace leafseal::cli
