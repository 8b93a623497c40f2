// When colours are used, and what they are.
#include "base/style.hpp"

#include <catch2/catch.hpp>

using namespace leafseal;

TEST_CASE("colours: NO_COLOR, then CLICOLOR_FORCE, then the terminal") {
  struct Row {
    ColourVariables variables;
    bool terminal, wanted;
  };
  const Row row = GENERATE(values<Row>({
      {{"", "", "", ""}, true, true},
      {{"", "", "", ""}, false, false},
      {{"1", "", "", ""}, true, false},
      {{"1", "1", "", ""}, true, false},
      {{"", "1", "", ""}, false, true},
      {{"", "0", "", ""}, false, false},
      {{"", "1", "0", "dumb"}, false, true},
      {{"", "", "0", "xterm"}, true, false},
      {{"", "", "1", "dumb"}, true, false},
  }));
  CHECK(wants_colour(row.variables, row.terminal) == row.wanted);
}

TEST_CASE("styled text is the text between two sequences, or the text alone") {
  CHECK(styled("error:", Style::red, true) == "\x1b[1;31merror:\x1b[0m");
  CHECK(styled("error:", Style::red, false) == "error:");
}
