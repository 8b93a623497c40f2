#include "cli/approval.hpp"

#include <algorithm>

#include "leafseal/error.hpp"

namespace leafseal::cli {
namespace {

// One blank-delimited word, as the reference reads it.
std::string read_word(const Environment& environment) {
  const auto refuse = [](const char* why) {
    throw Error(ExitCode::generic, why, {"answer y or n, or approve all changes beforehand with --yes"});
  };
  const auto answer = environment.read_line();
  if (!answer) refuse("EOF");
  constexpr std::string_view blanks = " \t\r";
  const std::size_t begin = answer->find_first_not_of(blanks);
  if (begin == std::string::npos) refuse("unexpected newline");
  const std::size_t end = std::min(answer->find_first_of(blanks, begin), answer->size());
  if (answer->find_first_not_of(blanks, end) != std::string::npos) refuse("expected newline");
  return answer->substr(begin, end - begin);
}

}  // namespace

bool approves(const Environment& environment, const std::string& question) {
  std::string answer;
  while (answer != "y" && answer != "n") {
    environment.out(question);
    answer = read_word(environment);
  }
  return answer == "y";
}

}  // namespace leafseal::cli
