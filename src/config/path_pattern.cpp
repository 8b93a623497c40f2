#include "config/path_pattern.hpp"

#include <re2/re2.h>

#include "base/go_pattern.hpp"
#include "leafseal/error.hpp"

namespace leafseal::config {
namespace {

constexpr std::size_t pattern_limit = 4096;

// RE2's reasons in the words of the reference's port of it.
std::string reason(const RE2& regex, std::string_view pattern) {
  const auto phrase = [](RE2::ErrorCode code) -> std::string {
    switch (code) {
      case RE2::ErrorBadEscape: return "invalid escape sequence";
      case RE2::ErrorBadCharClass: return "invalid character class";
      case RE2::ErrorBadCharRange: return "invalid character class range";
      case RE2::ErrorMissingBracket: return "missing closing ]";
      case RE2::ErrorMissingParen: return "missing closing )";
      case RE2::ErrorUnexpectedParen: return "unexpected )";
      case RE2::ErrorTrailingBackslash: return "trailing backslash at end of expression";
      case RE2::ErrorRepeatArgument: return "missing argument to repetition operator";
      case RE2::ErrorRepeatSize: return "invalid repeat count";
      case RE2::ErrorRepeatOp: return "invalid nested repetition operator";
      case RE2::ErrorBadPerlOp: return "invalid or unsupported Perl syntax";
      case RE2::ErrorBadUTF8: return "invalid UTF-8";
      case RE2::ErrorBadNamedCapture: return "invalid named capture";
      case RE2::ErrorPatternTooLarge: return "expression too large";
      case RE2::NoError:
      case RE2::ErrorInternal: break;
    }
    return "regexp/syntax: internal error";
  };
  std::string at = regex.error_arg();
  if (pattern.find(at) == std::string_view::npos && at.starts_with("(?P<")) at.erase(2, 1);
  return "error parsing regexp: " + phrase(regex.error_code()) + ": `" + quoted(at) + "`";
}

}  // namespace

bool path_matches(const std::string& pattern, std::string_view path) {
  if (pattern.size() > pattern_limit) {
    throw Error(ExitCode::generic,
                "can not compile regexp: the pattern is longer than " + std::to_string(pattern_limit) + " bytes");
  }
  RE2::Options options;
  options.set_log_errors(false);
  const RE2 regex(re2_pattern(pattern), options);
  if (!regex.ok()) {
    Error error(ExitCode::generic, "can not compile regexp: " + reason(regex, pattern));
    const RE2::ErrorCode code = regex.error_code();
    if (code == RE2::ErrorBadPerlOp || code == RE2::ErrorBadNamedCapture) {
      error.hint("look-around and back-references do not exist in RE2");
    }
    throw error;
  }
  return RE2::PartialMatch(re2::StringPiece(path.data(), path.size()), regex);
}

}  // namespace leafseal::config
