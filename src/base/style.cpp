#include "base/style.hpp"

namespace leafseal {
namespace {

std::string_view sequence(Style style) {
  switch (style) {
    case Style::bold:
      return "\x1b[1m";
    case Style::red:
      return "\x1b[1;31m";
    case Style::green:
      return "\x1b[32m";
    case Style::yellow:
      return "\x1b[1;33m";
    case Style::cyan:
      return "\x1b[36m";
    case Style::underlined:
      return "\x1b[4m";
  }
  return {};
}

}  // namespace

std::string styled(std::string_view text, Style style, bool colour) {
  if (!colour) return std::string(text);
  return std::string(sequence(style)) + std::string(text) + "\x1b[0m";
}

bool wants_colour(const ColourVariables& variables, bool terminal) {
  if (!variables.no_color.empty()) return false;
  if (!variables.clicolor_force.empty() && variables.clicolor_force != "0") return true;
  return terminal && variables.term != "dumb" && variables.clicolor != "0";
}

}  // namespace leafseal
