// Colours and weights of text on terminals, as ANSI sequences.
#pragma once

#include <string>
#include <string_view>

namespace leafseal {

enum class Style { bold, red, green, yellow, cyan, underlined };

// The text in that style; as it is where `colour` is off.
std::string styled(std::string_view text, Style style, bool colour);

// Whether a stream gets colours when nobody says so on the command line: never with a NO_COLOR that is not empty, else
// always with a CLICOLOR_FORCE other than 0, else on a terminal that is not dumb, unless CLICOLOR is 0.
struct ColourVariables {
  std::string_view no_color, clicolor_force, clicolor, term;
};
bool wants_colour(const ColourVariables& variables, bool terminal);

}  // namespace leafseal
