#include "support/generate_json.hpp"

namespace leafseal::test {

namespace {

class JsonWriter {
 public:
  JsonWriter(Dice& dice, Generated& document) : dice_(dice), document_(document) {}

  void file() {
    document_.plain = dice_.percent(34);
    layout();
    document_.text = space_around(object(dice_.between(1, 4), 1));
    if (dice_.percent(15)) {
      document_.mark("no final newline");
    } else {
      document_.text += line_end_;
    }
  }

 private:
  void layout() {
    if (dice_.percent(12)) {
      document_.mark("CRLF");
      line_end_ = "\r\n";
    }
    switch (dice_.below(4)) {
      case 0: document_.mark("minified"); pretty_ = false; colon_ = ":"; break;
      case 1: document_.mark("tabs"); indent_ = "\t"; break;
      case 2: document_.mark("odd spaces"); indent_ = "   "; colon_ = " :  "; odd_ = true; break;
      default: document_.mark("two blanks"); indent_ = "  "; break;
    }
  }

  std::string space_around(const std::string& text) {
    if (!odd_ || !dice_.percent(30)) return text;
    document_.mark("space around the root");
    return line_end_ + " " + text + " ";
  }

  std::string break_and_indent(std::size_t level) {
    if (!pretty_) return odd_ ? " " : "";
    std::string text = line_end_;
    if (odd_ && dice_.percent(10)) {
      document_.mark("blank lines");
      text += line_end_;
    }
    for (std::size_t i = 0; i < level; ++i) text += indent_;
    return text;
  }

  std::string object(std::size_t depth, std::size_t level) {
    document_.mark(level > 1 ? "nested object" : "object");
    std::string text = "{";
    const std::size_t entries = dice_.between(1, 5);
    std::string last = key();
    for (std::size_t i = 0; i < entries; ++i) {
      text += (i > 0 ? "," : "") + break_and_indent(level);
      if (i > 0 && !document_.plain && dice_.percent(3)) {
        document_.mark("duplicate key");
      } else if (i > 0) {
        last = key();
      }
      text += last + colon_ + value(depth, level);
    }
    return text + break_and_indent(level - 1) + "}";
  }

  std::string array(std::size_t depth, std::size_t level) {
    document_.mark("array");
    std::string text = "[";
    const std::size_t items = dice_.between(1, 4);
    for (std::size_t i = 0; i < items; ++i) {
      text += (i > 0 ? "," : "") + break_and_indent(level) + value(depth, level);
    }
    return text + break_and_indent(level - 1) + "]";
  }

  std::string key() {
    const std::string unique = std::to_string(++keys_);
    if (dice_.percent(6)) {
      document_.mark("unicode key");
      return "\"ключ" + unique + "\"";
    }
    if (dice_.percent(4)) {
      document_.mark("escape in a key");
      return "\"k\\t\\\"" + unique + "\"";
    }
    if (dice_.percent(20)) {
      document_.mark("key that rules select");
      return "\"k" + unique + std::string(dice_.pick({"_unencrypted", "_secret"})) + "\"";
    }
    return "\"k" + unique + "\"";
  }

  std::string value(std::size_t depth, std::size_t level) {
    if (depth > 0 && dice_.percent(25)) return object(depth - 1, level + 1);
    if (depth > 0 && dice_.percent(15)) return array(depth - 1, level + 1);
    if (dice_.percent(5)) {
      document_.mark("empty container");
      return std::string(dice_.pick({"{}", "[]", "{ }", "[ ]"}));
    }
    if (!document_.plain && dice_.percent(15)) {
      document_.mark("odd number");
      return std::string(dice_.pick({"1.50", "1e3", "1E+2", "-0", "-0.0", "12345678901234567890123", "1.0e-7",
                                     "9223372036854775808", "0.10", "1e21", "123456789.0", "5e-324"}));
    }
    if (!document_.plain && dice_.percent(15)) {
      document_.mark("escapes");
      return "\"" + std::string(dice_.pick({"a\\nb", "\\u00e9", "\\/", "\\\"q\\\"", "\\\\", "\\ud83d\\ude00", "\\u003c",
                                            "\\b\\f\\r", "tab\\there", "\\u0000"})) + "\"";
    }
    return usual_value();
  }

  std::string usual_value() {
    switch (dice_.below(7)) {
      case 0:
        document_.mark("usual number");
        return std::string(dice_.pick({"0", "7", "-12", "9223372036854775807", "1.5", "-0.25", "3.125"}));
      case 1:
        document_.mark("boolean");
        return std::string(dice_.pick({"true", "false"}));
      case 2:
        document_.mark("null");
        return "null";
      case 3:
        document_.mark("empty string");
        return "\"\"";
      case 4:
        document_.mark("unicode");
        return "\"" + std::string(dice_.pick({"grün", "日本語", "😀", "Ω"})) + "\"";
      default:
        document_.mark("string");
        return "\"" + std::string(dice_.pick({"amber", "two words", "80", "true", "https://x.example/?a=b", "# no", "'"})) +
               "\"";
    }
  }

  Dice& dice_;
  Generated& document_;
  std::string line_end_ = "\n";
  std::string indent_;
  std::string colon_ = ": ";
  bool pretty_ = true;
  bool odd_ = false;
  std::size_t keys_ = 0;
};

}  // namespace

Generated generate_json(Dice& dice) {
  Generated document;
  JsonWriter(dice, document).file();
  return document;
}

}  // namespace leafseal::test
