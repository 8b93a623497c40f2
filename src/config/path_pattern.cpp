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

struct PathPattern::Compiled {
  Compiled(const std::string& pattern, const RE2::Options& options) : regex(pattern, options) {}
  RE2 regex;
};

PathPattern::PathPattern(const std::string& pattern) {
  if (pattern.size() > pattern_limit) {
    throw Error(ExitCode::generic,
                "can not compile regexp: the pattern is longer than " + std::to_string(pattern_limit) + " bytes");
  }
  RE2::Options options;
  options.set_log_errors(false);
  compiled_ = std::make_unique<const Compiled>(re2_pattern(pattern), options);
  const RE2& regex = compiled_->regex;
  if (regex.ok()) return;
  Error error(ExitCode::generic, "can not compile regexp: " + reason(regex, pattern));
  const RE2::ErrorCode code = regex.error_code();
  if (code == RE2::ErrorBadPerlOp || code == RE2::ErrorBadNamedCapture) {
    error.hint("look-around and back-references do not exist in RE2");
  }
  throw error;
}

PathPattern::~PathPattern() = default;

std::optional<std::string_view> PathPattern::find(std::string_view path) const {
  re2::StringPiece part;
  const re2::StringPiece text(path.data(), path.size());
  if (!compiled_->regex.Match(text, 0, text.size(), RE2::UNANCHORED, &part, 1)) return std::nullopt;
  return std::string_view(part.data(), part.size());
}

}  // namespace leafseal::config
