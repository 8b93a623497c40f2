// What can stand at one place of a command line: commands, flags, their values, and paths of keys, which stand in the
// clear in sealed files. Nothing is decrypted and no error is shown: a shell asks, in the middle of typing.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/environment.hpp"

namespace leafseal::cli {

struct Candidate {
  std::string text;
  std::string description;  // may be empty
};

struct UnfinishedLine {
  std::span<const std::string> before;  // the words in front of the one that is typed, without the program
  std::string typed;                    // what there is of it
  std::span<const std::string> after;   // the words behind it
  char key_quote = '"';                 // which quotes keys get in paths that have none yet
};

// Only what begins with `typed`. Nothing: the place takes a file, or what nobody can know.
std::vector<Candidate> complete(const Environment& environment, const UnfinishedLine& line);

// The paths of a document's keys that go on from `typed`, one level at a time; where a single one is left and has a
// level below, that too. `type` is --input-type's value or empty. Nothing when the file cannot be read.
std::vector<Candidate> complete_key_path(const Environment& environment, const std::string& file,
                                         const std::string& type, std::string_view typed, char quote);

// The reference's protocol for shells: a last argument --generate-bash-completion (spec: cli.md 3.14).
bool asks_for_completion(const Environment& environment);
int answer_completion(Environment& environment);

// What our own scripts call: __complete SHELL COUNT =TYPED WORD..., of which COUNT stand in front of the typed one.
int run_complete(Environment& environment, std::span<const std::string> words);

}  // namespace leafseal::cli
