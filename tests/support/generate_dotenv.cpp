#include "support/generate_dotenv.hpp"

namespace leafseal::test {

namespace {

std::string dotenv_value(Dice& dice, Generated& document) {
  static const std::vector<std::pair<std::string_view, std::vector<std::string_view>>> kinds = {
      {"word", {"amber", "8080", "true"}},
      {"empty value", {""}},
      {"double quotes", {"\"two words\"", "\"a\\\"b\""}},
      {"single quotes", {"'x y'", "'unclosed"}},
      {"escaped newline", {"a\\nb", "-----BEGIN-----\\nx\\n"}},
      {"backslashes", {"C:\\dir\\", "a\\\\nb", "\\t"}},
      {"equals sign in a value", {"a=b=c", "=", "dGVzdA=="}},
      {"hash in a value", {"a#b", "a # b", "#"}},
      {"blanks at the ends", {" lead", "trail  ", "\ttab"}},
      {"unicode", {"grün", "日本", "😀"}},
  };
  if (dice.percent(3)) {
    document.mark("bytes that are no UTF-8");
    return "\xff\xfe\x80";
  }
  const auto& [feature, values] = kinds[dice.below(kinds.size())];
  document.mark(feature);
  return std::string(dice.pick(values));
}

std::string dotenv_line(Dice& dice, Generated& document, std::size_t number) {
  if (number > 0 && dice.percent(15)) {
    document.mark("comment");
    return "#" + std::string(dice.pick({" note", "note", "", "# twice", " sops:enc", " a=b", "  trailing  "}));
  }
  std::string key = std::string(dice.pick({"KEY_", "key.", "K-"})) + std::to_string(number);
  if (dice.percent(20)) {
    document.mark("key that rules select");
    key += dice.pick({"_unencrypted", "_secret"});
  }
  if (dice.percent(8)) {
    document.mark("export");
    key = "export " + key;
  }
  if (dice.percent(5)) {
    document.mark("blanks around the equals sign");
    key += " ";
  }
  if (number > 0 && dice.percent(4)) {
    document.mark("duplicate key");
    key = "KEY_0";
  }
  return key + "=" + dotenv_value(dice, document);
}

}  // namespace

Generated generate_dotenv(Dice& dice) {
  Generated document;
  document.plain = true;
  const bool crlf = dice.percent(8);
  if (crlf) document.mark("CRLF");
  if (dice.percent(5)) {
    document.mark("byte order mark");
    document.text = "\xEF\xBB\xBF";
  }
  const std::size_t lines = dice.between(1, 12);
  for (std::size_t i = 0; i < lines; ++i) {
    if (!crlf && i > 0 && dice.percent(12)) {
      document.mark("blank lines");
      document.text += "\n";
    }
    document.text += dotenv_line(dice, document, i) + (crlf ? "\r\n" : "\n");
  }
  if (dice.percent(15)) {
    document.mark("no final newline");
    document.text.pop_back();
  } else if (!crlf && dice.percent(10)) {
    document.mark("blank lines at the end");
    document.text += "\n\n";
  }
  return document;
}

}  // namespace leafseal::test
