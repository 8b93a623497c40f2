#include "cli/report.hpp"

#include "base/style.hpp"
#include "cli/log_line.hpp"

namespace leafseal::cli {
namespace {

std::string message(const Error& error) {
  std::string text = error.what();
  if (error.place().line == 0) return text;
  text += " (line " + std::to_string(error.place().line);
  if (error.place().column != 0) text += ", column " + std::to_string(error.place().column);
  return text + ")";
}

std::string hint_lines(const Environment& environment, const Error& error) {
  std::string text;
  for (const std::string& hint : error.hints()) {
    text += environment.program + ": " + styled("hint:", Style::cyan, environment.colour_err) + " " + hint + "\n";
  }
  return text;
}

// The report on key groups (128) tells of each group and key whether it opened.
std::string with_outcomes_styled(std::string text, bool colour) {
  if (!colour) return text;
  const auto style = [&](std::string_view word, Style look) {
    const std::string ending = ": " + std::string(word) + "\n";
    const std::string styled_ending = ": " + styled(word, look, true) + "\n";
    for (std::size_t at = text.find(ending); at != std::string::npos;
         at = text.find(ending, at + styled_ending.size())) {
      text.replace(at, ending.size(), styled_ending);
    }
  };
  style("FAILED", Style::red);
  style("SUCCESS", Style::green);
  return text;
}

}  // namespace

void report(const Environment& environment, const Error& error) {
  std::string text = message(error) + "\n";
  if (error.code() == ExitCode::could_not_retrieve_key) text = with_outcomes_styled(text, environment.colour_err);
  environment.err(environment.program + ": " + styled("error:", Style::red, environment.colour_err) + " " + text +
                  hint_lines(environment, error));
}

void report(const Environment& environment, const LoggedError& error) {
  if (environment.err_is_terminal) return report(environment, static_cast<const Error&>(error));
  environment.err(fatal_log_line(message(error), environment.clock()) + hint_lines(environment, error));
}

void report(const Environment& environment, const UsageError& error) {
  if (!environment.out_is_terminal) {
    try {
      environment.out("Incorrect Usage: " + std::string(error.what()) + "\n\n" + error.help);
    } catch (const Error&) {  // nobody reads it
    }
  }
  report(environment, static_cast<const LoggedError&>(error));
}

}  // namespace leafseal::cli
