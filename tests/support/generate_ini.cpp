#include "support/generate_ini.hpp"

namespace leafseal::test {

namespace {

class IniWriter {
 public:
  IniWriter(Dice& dice, Generated& document) : dice_(dice), document_(document) {}

  void file() {
    document_.plain = dice_.percent(34);
    if (dice_.percent(10)) {
      document_.mark("CRLF");
      line_end_ = "\r\n";
    }
    if (!document_.plain && dice_.percent(5)) {
      document_.mark("byte order mark");
      document_.text = "\xEF\xBB\xBF";
    }
    if (dice_.percent(40)) {
      document_.mark("keys before any section");
      keys();
    }
    for (std::size_t sections = dice_.between(1, 4); sections > 0; --sections) section();
    ending();
  }

 private:
  void line(const std::string& text) { document_.text += text + line_end_; }

  void section() {
    blank_lines();
    comments();
    const std::string name = std::string(dice_.pick({"alpha", "beta", "a.b", "with blank", "größe"}));
    if (repeated(name)) document_.mark("repeated section");
    line("[" + name + "]" + (!document_.plain && dice_.percent(8) ? " ; of the section" : ""));
    keys();
  }

  bool repeated(const std::string& name) {
    const bool seen = seen_.find("[" + name + "]") != std::string::npos;
    seen_ += "[" + name + "]";
    return seen;
  }

  void keys() {
    for (std::size_t n = dice_.between(1, 4); n > 0; --n) {
      blank_lines();
      comments();
      key_line();
    }
  }

  void blank_lines() {
    if (!dice_.percent(15)) return;
    document_.mark("blank lines");
    line("");
  }

  void comments() {
    if (!dice_.percent(20)) return;
    const bool several = !document_.plain && dice_.percent(30);
    document_.mark(several ? "comment of several lines" : "comment line");
    line(comment());
    if (!several) return;
    if (dice_.percent(30)) {
      document_.mark("blank line inside a comment");
      line("");
    }
    line(comment());
  }

  std::string comment() {
    if (document_.plain) return std::string(dice_.pick({"; note", "# note"}));
    return std::string(dice_.pick({"; note", "# note", ";note", "#note", ";; twice", "  ; indented", "; sops:enc", "; "}));
  }

  void key_line() {
    std::string key = "k" + std::to_string(++keys_);
    if (dice_.percent(20)) {
      document_.mark("key that rules select");
      key += dice_.pick({"_unencrypted", "_secret"});
    }
    if (dice_.percent(8)) {
      document_.mark("indented key");
      key = "  " + key;
    }
    std::string delimiter(" = ");
    if (dice_.percent(40)) {
      document_.mark("delimiter without blanks or a colon");
      delimiter = dice_.pick({"=", ":", ": ", "   =  ", "= "});
    }
    std::string text = key + delimiter + value();
    if (dice_.percent(8)) {
      document_.mark("trailing blanks");
      text += "  ";
    } else if (!document_.plain && dice_.percent(10)) {
      document_.mark("inline comment");
      text += std::string(dice_.pick({" ; tail", " # tail", ";tail"}));
    }
    line(text);
  }

  std::string value() {
    if (document_.plain || dice_.percent(55)) {
      document_.mark("word");
      return std::string(dice_.pick({"amber", "two words", "8080", "true", "a=b", "x:y", "grün", "%(name)s"}));
    }
    switch (dice_.below(7)) {
      case 0: document_.mark("empty value"); return "";
      case 1: document_.mark("double quotes"); return std::string(dice_.pick({"\"q\"", "\" blanks \"", "\"a b\""}));
      case 2: document_.mark("single quotes"); return std::string(dice_.pick({"'q'", "' x '"}));
      case 3: document_.mark("backticks"); return std::string(dice_.pick({"`a;b`", "`#x`", "`q`"}));
      case 4: document_.mark("triple quotes"); return "\"\"\"one" + line_end_ + "two\"\"\"";
      case 5: document_.mark("continued line"); return "one \\" + line_end_ + "  two";
      default: document_.mark("odd quotes"); return std::string(dice_.pick({"a\"b", "it's", "\"", "a\\b"}));
    }
  }

  void ending() {
    if (!document_.plain && dice_.percent(6)) {
      document_.mark("comment at the end");
      line(comment());
    }
    if (dice_.percent(15)) {
      document_.mark("no final newline");
      document_.text.resize(document_.text.size() - line_end_.size());
    } else if (dice_.percent(10)) {
      document_.mark("blank lines at the end");
      line("");
    }
  }

  Dice& dice_;
  Generated& document_;
  std::string line_end_ = "\n";
  std::string seen_;
  std::size_t keys_ = 0;
};

}  // namespace

Generated generate_ini(Dice& dice) {
  Generated document;
  IniWriter(dice, document).file();
  return document;
}

}  // namespace leafseal::test
