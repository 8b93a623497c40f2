#include "support/generate_yaml_scalar.hpp"

namespace leafseal::test {

namespace {

YamlScalar plain_text(Dice& dice, const ScalarPlace& place, Generated& document) {
  if (dice.percent(15)) {
    document.mark("unicode plain");
    return {std::string(dice.pick({"grün", "naïve café", "日本語", "Ωmega"}))};
  }
  if (!document.plain && dice.percent(8)) {
    document.mark("old boolean or base 60 word");
    return {std::string(dice.pick({"yes", "no", "on", "off", "y", "N", "12:30:45", "1:20"}))};
  }
  if (!place.in_flow && dice.percent(10)) {
    document.mark("indicators inside plain");
    return {std::string(dice.pick({"a#b", "http://x.example/y?z=1", "it's", "say \"x\"", "a, b [c] {d}", "-x", "x:y"}))};
  }
  document.mark("plain");
  return {words(dice, dice.between(1, 3))};
}

YamlScalar usual_number(Dice& dice, const ScalarPlace&, Generated& document) {
  document.mark("usual number");
  return {std::string(dice.pick({"0", "7", "-12", "8080", "9223372036854775807", "-9223372036854775808", "1.5", "-0.25",
                                 "2.718281828"}))};
}

YamlScalar usual_word(Dice& dice, const ScalarPlace&, Generated& document) {
  document.mark("boolean");
  return {std::string(dice.pick({"true", "false"}))};
}

YamlScalar null_value(Dice& dice, const ScalarPlace& place, Generated& document) {
  document.mark("null");
  if (place.in_flow) return {std::string(dice.pick({"null", "~"}))};
  return {std::string(dice.pick({"null", "~", "Null", "NULL", ""}))};
}

YamlScalar single_quoted(Dice& dice, const ScalarPlace&, Generated& document) {
  document.mark("single quoted");
  return {"'" + std::string(dice.pick({"", "x", "it''s", " lead", "trail ", "# no comment", "80", "true", "a: b", "ü"})) +
          "'"};
}

YamlScalar double_quoted(Dice& dice, const ScalarPlace&, Generated& document) {
  document.mark("double quoted");
  return {"\"" + std::string(dice.pick({"", "x", "two words", " lead", "trail ", "# no", "0x10", "null", "é", "'"})) +
          "\""};
}

YamlScalar odd_number(Dice& dice, const ScalarPlace&, Generated& document) {
  document.mark("odd number");
  return {std::string(dice.pick({"0x1F", "0o17", "0777", "1_000", "0b101", "1.50", "3.0", "1e3", "1E-7", ".5", "5.", "+5", "-0",
                                 "-0.0", "08", "12345678901234567890123", ".inf", "-.INF", ".nan", "1e21", "007"}))};
}

YamlScalar odd_boolean(Dice& dice, const ScalarPlace&, Generated& document) {
  document.mark("odd boolean");
  return {std::string(dice.pick({"True", "TRUE", "False", "FALSE"}))};
}

YamlScalar date(Dice& dice, const ScalarPlace&, Generated& document) {
  document.mark("date or time");
  return {std::string(dice.pick({"2024-05-06", "2001-12-14T21:59:43.10-05:00", "2001-12-14 21:59:43", "2024-1-2",
                                 "2024-05-06T07:08:09Z"}))};
}

YamlScalar escapes(Dice& dice, const ScalarPlace&, Generated& document) {
  document.mark("escapes");
  return {"\"" + std::string(dice.pick({"a\\nb", "tab\\tx", "\\u00e9", "\\x41", "q\\\"q", "\\\\", "\\U0001F600", "é\\0",
                                        "\\r\\n", "😀", "\\ x", "\\N\\_\\L\\P"})) +
          "\""};
}

// A scalar over several lines: continuation lines stand deeper than the entry.
YamlScalar several_lines(Dice& dice, const ScalarPlace& place, Generated& document) {
  const std::string pad(place.indent + dice.between(1, 5), ' ');
  const std::string blank = dice.percent(30) ? place.line_end : "";
  const std::string middle = place.line_end + blank + pad;
  switch (dice.below(3)) {
    case 0:
      document.mark("plain over lines");
      return {words(dice, 2) + middle + words(dice, 2), false, true};
    case 1:
      document.mark("single quoted over lines");
      return {"'" + words(dice, 2) + middle + "it''s'", false, true};
    default:
      document.mark("double quoted over lines");
      return {"\"" + words(dice, 1) + (dice.percent(30) ? "\\" : "") + middle + "end\\t\"", false, true};
  }
}

// Content lines of a block scalar, the first of them without leading blanks.
std::string block_lines(Dice& dice, const std::string& pad, const std::string& line_end, bool odd) {
  std::string text;
  const std::size_t lines = dice.between(1, 5);
  for (std::size_t i = 0; i < lines; ++i) {
    if (i > 0) text += line_end;
    if (i > 0 && i + 1 < lines && dice.percent(20)) continue;  // an empty line
    text += pad;
    if (i > 0 && odd && dice.percent(25)) text += "  ";
    text += dice.percent(20) ? std::string(dice.pick({"# not a comment", "key: value", "- item", "-----BEGIN X-----", "ü"}))
                             : words(dice, dice.between(1, 4));
    if (odd && dice.percent(10)) text += " ";
  }
  return text;
}

YamlScalar block(Dice& dice, const ScalarPlace& place, Generated& document, bool folded) {
  const std::size_t deeper = dice.between(1, 4);
  const std::string pad(place.indent + deeper, ' ');
  std::string header(folded ? ">" : "|");
  const bool digit = dice.percent(25);
  if (digit) header += static_cast<char>('0' + deeper);
  const std::string_view chomping = dice.pick({"", "-", "+"});
  header += chomping;
  if (digit && !chomping.empty() && dice.percent(30)) header = header.substr(0, 1) + header[2] + header[1];
  document.mark(std::string(folded ? "folded >" : "literal |") + (digit ? "digit" : "") + std::string(chomping));
  if (dice.percent(15)) {
    document.mark("comment on a block header");
    header += " # " + words(dice, 2);
  }
  if (!document.plain && !folded && !digit && dice.percent(12)) {
    document.mark("block of breaks only");
    return {header + place.line_end + place.line_end, true, false};
  }
  std::string text = header + place.line_end + block_lines(dice, pad, place.line_end, !document.plain);
  if (chomping == "+" && dice.percent(40)) {
    document.mark("kept trailing breaks");
    text += place.line_end;
  }
  return {text, true, false};
}

}  // namespace

std::string words(Dice& dice, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ' ';
    text += dice.pick({"amber", "birch", "cobalt", "dune", "elm", "fjord", "gale", "heath", "inlet", "juniper"});
  }
  return text;
}

YamlScalar yaml_scalar(Dice& dice, const ScalarPlace& place, Generated& document) {
  using Spelling = YamlScalar (*)(Dice&, const ScalarPlace&, Generated&);
  static constexpr Spelling spellings[] = {plain_text,    plain_text,    usual_number, usual_word,  null_value,
                                           single_quoted, double_quoted, odd_number,   odd_boolean, date,
                                           escapes,       several_lines};
  constexpr std::size_t needing_no_record = 7;
  if (!place.in_flow && dice.percent(18)) return block(dice, place, document, !document.plain && dice.percent(40));
  const std::size_t choices = document.plain ? needing_no_record : std::size(spellings);
  return spellings[dice.below(choices)](dice, place, document);
}

}  // namespace leafseal::test
