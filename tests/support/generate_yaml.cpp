#include "support/generate_yaml.hpp"

#include <algorithm>

#include "support/generate_yaml_scalar.hpp"

namespace leafseal::test {

namespace {

// Writes one file. `column` is always that of a key or dash, `deepest` the deepest column at which a comment line may
// stand without becoming content of a block scalar above it.
class YamlWriter {
 public:
  YamlWriter(Dice& dice, Generated& document) : dice_(dice), document_(document) {}

  void file() {
    document_.plain = dice_.percent(34);
    if (dice_.percent(12)) mark_line_end();
    if (!document_.plain && dice_.percent(5)) {
      document_.mark("byte order mark");
      document_.text += "\xEF\xBB\xBF";
    }
    if (dice_.percent(4)) directive();
    const std::size_t documents = dice_.percent(20) ? dice_.between(2, 3) : 1;
    if (documents > 1) document_.mark("stream of documents");
    for (std::size_t i = 0; i < documents; ++i) {
      if (i > 0 || needs_start_ || dice_.percent(15)) start_line(i > 0);
      one_document();
      end_of_document(i + 1 == documents);
    }
    ending();
  }

 private:
  struct Anchor {
    std::string name;
    bool map = false;
  };

  // --- the file's frame ---------------------------------------------------------------------------------------------
  void mark_line_end() {
    document_.mark("CRLF");
    line_end_ = "\r\n";
  }

  void directive() {
    document_.mark("directive");
    line(std::string(dice_.pick({"%YAML 1.1", "%TAG !e! tag:example.org,2000:"})));
    needs_start_ = true;
  }

  void start_line(bool second) {
    if (second && dice_.percent(20)) {
      document_.mark("document end ...");
      line("...");
    }
    document_.mark("document start ---");
    needs_start_ = false;
    line(std::string("---") + (dice_.percent(15) ? " # start" : ""));
    if (dice_.percent(15)) document_.mark("comment on the document start");
  }

  void one_document() {
    anchors_.clear();
    aliases_ = 0;
    deepest_ = 8;
    if (!document_.plain && dice_.percent(4)) {
      document_.mark("flow root");
      line(flow_map(2));
      return;
    }
    std::size_t column = 0;
    if (dice_.percent(3)) {
      document_.mark("indented root");
      column = 2;
    }
    step_ = dice_.between(1, 4);
    if (dice_.percent(10)) step_ = 8;
    document_.mark("step " + std::to_string(step_));
    map(column, dice_.between(1, 4));
  }

  void end_of_document(bool last) {
    if (last && dice_.percent(6)) {
      document_.mark("document end ...");
      line("...");
    } else if (dice_.percent(15)) {
      document_.mark("comment at the end");
      comment_line(dice_.below(std::min<std::size_t>(deepest_, 4) + 1));
    }
  }

  void ending() {
    if (dice_.percent(12)) {
      document_.mark("no final newline");
      document_.text.resize(document_.text.size() - line_end_.size());
    } else if (dice_.percent(12)) {
      document_.mark("blank lines at the end");
      blank_lines();
    }
  }

  // --- lines and comments -------------------------------------------------------------------------------------------
  void line(const std::string& text) { document_.text += text + line_end_; }

  void blank_lines() {
    for (std::size_t n = dice_.between(1, 2); n > 0; --n) line("");
  }

  std::string comment_text() {
    if (dice_.percent(6)) {
      document_.mark("empty comment");
      return "#";
    }
    if (dice_.percent(6)) {
      document_.mark("double hash");
      return "## " + words(dice_, 1);
    }
    return std::string(dice_.pick({"# ", "#", "#  "})) + words(dice_, dice_.between(1, 3)) +
           (dice_.percent(5) ? " " : "") + std::string(dice_.percent(10) ? " sops:enc" : "");
  }

  void comment_line(std::size_t column) {
    document_.mark("comment at column " + std::to_string(std::min<std::size_t>(column, 5)));
    line(std::string(column, ' ') + comment_text());
  }

  // What may stand between two entries.
  void between_entries(std::size_t column) {
    if (dice_.percent(15)) {
      document_.mark("blank lines");
      blank_lines();
    }
    if (!dice_.percent(22)) return;
    const bool same_column = dice_.percent(60);
    const std::size_t at = same_column ? column : dice_.below(deepest_ + 1);
    for (std::size_t n = dice_.between(1, 3); n > 0; --n) {
      comment_line(std::min(at, deepest_));
      if (dice_.percent(15)) {
        document_.mark("blank line inside comments");
        blank_lines();
      }
    }
  }

  std::string tail() {
    if (dice_.percent(14)) {
      document_.mark("inline comment");
      return std::string(dice_.between(1, 3), ' ') + comment_text();
    }
    if (dice_.percent(4)) {
      document_.mark("trailing blanks");
      return "  ";
    }
    return {};
  }

  // --- keys ---------------------------------------------------------------------------------------------------------
  std::string key() {
    const std::string unique = std::to_string(++keys_);
    if (dice_.percent(8)) {
      document_.mark("quoted key");
      return dice_.percent(50) ? "\"k " + unique + "\"" : "'k: " + unique + "'";
    }
    if (dice_.percent(5)) {
      document_.mark("unicode key");
      return "schlüssel" + unique;
    }
    if (dice_.percent(20)) {
      document_.mark("key that rules select");
      return "k" + unique + std::string(dice_.pick({"_unencrypted", "_secret"}));
    }
    return std::string(dice_.pick({"k", "key with blank ", "key-", "a.b/"})) + unique;
  }

  // --- block collections --------------------------------------------------------------------------------------------
  void map(std::size_t column, std::size_t depth) {
    for (std::size_t n = dice_.between(1, 4); n > 0; --n) {
      between_entries(column);
      entry(std::string(column, ' '), column, depth);
    }
  }

  // One entry whose line begins with `lead`; its key stands at `column`.
  void entry(const std::string& lead, std::size_t column, std::size_t depth) {
    if (!document_.plain && dice_.percent(3)) {
      document_.mark("explicit key ?");
      line(lead + "? " + key());
      value(std::string(column, ' ') + ":", column, depth);
      return;
    }
    if (!document_.plain && aliases_ < 3 && dice_.percent(12) && merge(lead)) return;
    value(lead + key() + ":", column, depth);
  }

  bool merge(const std::string& lead) {
    for (const Anchor& anchor : anchors_) {
      if (!anchor.map || merged_in_ == column_of(lead)) continue;
      document_.mark("merge key");
      merged_in_ = column_of(lead);
      ++aliases_;
      line(lead + "<<: *" + anchor.name);
      return true;
    }
    return false;
  }
  static std::size_t column_of(const std::string& lead) { return lead.size(); }

  void list(std::size_t column, std::size_t depth) {
    for (std::size_t n = dice_.between(1, 4); n > 0; --n) {
      between_entries(column);
      const std::string dash = std::string(column, ' ') + "-";
      if (depth > 0 && dice_.percent(20)) {
        document_.mark("map in a list");
        const std::size_t gap = dice_.between(1, 3);
        const std::size_t inner = column + 1 + gap;
        entry(dash + std::string(gap, ' '), inner, depth - 1);
        for (std::size_t more = dice_.below(3); more > 0; --more) {
          between_entries(inner);
          entry(std::string(inner, ' '), inner, depth - 1);
        }
      } else if (depth > 0 && dice_.percent(10)) {
        document_.mark("list in a list");
        value(dash + " -", column + 2, depth - 1);
      } else {
        value(dash, column, depth);
      }
    }
  }

  // What follows `head`, a key with its colon or a dash, up to the end of the value.
  void value(const std::string& head, std::size_t column, std::size_t depth) {
    deepest_ = column + step_ + 2;
    const bool after_dash = head.back() == '-';
    if (depth > 0 && dice_.percent(after_dash ? 10 : 35)) return nested(head, column, depth - 1, after_dash);
    if (!document_.plain && dice_.percent(15)) return flow_value(head);
    if (!document_.plain && !anchors_.empty() && aliases_ < 3 && dice_.percent(8)) {
      document_.mark("alias");
      ++aliases_;
      line(head + " *" + anchors_[dice_.below(anchors_.size())].name + tail());
      return;
    }
    scalar_value(head, column);
  }

  void nested(const std::string& head, std::size_t column, std::size_t depth, bool after_dash) {
    std::string opening = head;
    const bool is_list = dice_.percent(40);
    std::string name;
    if (dice_.percent(8)) {
      document_.mark("anchor on a collection");
      name = "a" + std::to_string(++names_);
      opening += " &" + name;
    } else if (dice_.percent(4)) {
      document_.mark("tag on a collection");
      opening += is_list ? " !!seq" : " !Thing";
    }
    if (dice_.percent(10)) {
      document_.mark("comment before a nested block");
      opening += " " + comment_text();
    }
    line(opening);
    if (dice_.percent(8)) comment_line(column + step_);
    const std::size_t outer_merge = merged_in_;
    merged_in_ = 0xffff;
    if (is_list) {
      const bool same_column = !after_dash && dice_.percent(40);
      document_.mark(same_column ? "list at its key's column" : "indented list");
      list(same_column ? column : column + step_, depth);
    } else {
      document_.mark("nested map");
      map(column + step_, depth);
    }
    merged_in_ = outer_merge;
    if (!name.empty() && anchored_size_ok()) anchors_.push_back({name, !is_list});
  }

  // Copies of copies grow without bound: only files that are still small offer their collections to aliases.
  bool anchored_size_ok() const { return document_.text.size() < 4000; }

  void scalar_value(const std::string& head, std::size_t column) {
    if (!document_.plain && dice_.percent(6)) return standard_tag(head);
    const YamlScalar scalar = yaml_scalar(dice_, {column, step_, false, line_end_}, document_);
    std::string properties;
    if (!scalar.text.empty() && dice_.percent(5)) {
      document_.mark("anchor on a scalar");
      const std::string name = "s" + std::to_string(++names_);
      properties += " &" + name;
      anchors_.push_back({name, false});
    }
    if (dice_.percent(5) && !(document_.plain && reads_as_no_string(scalar.text))) properties += custom_tag();
    line(head + properties + (scalar.text.empty() ? "" : " ") + scalar.text + (scalar.takes_tail ? tail() : ""));
    if (scalar.is_block) deepest_ = column;
  }

  // Under a local tag such a word is a string that only a record brings back without quotes.
  static bool reads_as_no_string(const std::string& text) {
    return text.empty() || std::string("0123456789-+.~").find(text[0]) != std::string::npos || text == "true" ||
           text == "false" || text == "null" || text == "Null" || text == "NULL";
  }

  std::string custom_tag() {
    document_.mark("local tag");
    return std::string(dice_.pick({" !local", " !Ref", " !"}));
  }

  void standard_tag(const std::string& head) {
    document_.mark("standard tag");
    line(head + std::string(dice_.pick({" !!str 5", " !!int \"12\"", " !!float 3", " !!bool true", " !!binary aGVsbG8=",
                                        " !!str", " !!timestamp 2001-01-01", " !!null", " !<tag:yaml.org,2002:str> 7"})) +
         tail());
  }

  // --- flow collections ---------------------------------------------------------------------------------------------
  void flow_value(const std::string& head) {
    if (dice_.percent(20)) {
      document_.mark("empty collection");
      line(head + " " + std::string(dice_.pick({"{}", "[]", "{ }", "[ ]"})) + tail());
      return;
    }
    flow_pad_ = std::string(deepest_ + 1, ' ');
    line(head + " " + (dice_.percent(50) ? flow_map(2) : flow_list(2)) + tail());
  }

  std::string flow_gap(bool after_comma) {
    if (!dice_.percent(12)) return after_comma ? " " : "";
    document_.mark("flow over lines");
    std::string gap;
    if (after_comma && dice_.percent(30)) {
      document_.mark("comment in flow");
      gap = " " + comment_text();
    }
    return gap + line_end_ + flow_pad_;
  }

  std::string flow_item(std::size_t depth) {
    if (depth > 0 && dice_.percent(25)) return dice_.percent(50) ? flow_map(depth - 1) : flow_list(depth - 1);
    return yaml_scalar(dice_, {flow_pad_.size(), step_, true, line_end_}, document_).text;
  }

  std::string flow_list(std::size_t depth) {
    document_.mark("flow list");
    std::string text = "[" + flow_gap(false);
    const std::size_t items = dice_.between(1, 3);
    for (std::size_t i = 0; i < items; ++i) {
      text += (i > 0 ? "," + flow_gap(true) : "") + flow_item(depth);
    }
    if (dice_.percent(15)) {
      document_.mark("comma at the end of flow");
      text += ",";
    }
    return text + flow_gap(false) + "]";
  }

  std::string flow_map(std::size_t depth) {
    document_.mark("flow map");
    std::string text = "{" + flow_gap(false);
    const std::size_t entries = dice_.between(1, 3);
    for (std::size_t i = 0; i < entries; ++i) {
      const std::string name = key();
      text += (i > 0 ? "," + flow_gap(true) : "") + name + ": " + flow_item(depth);
    }
    if (dice_.percent(15)) {
      document_.mark("comma at the end of flow");
      text += ", ";
    }
    return text + "}";
  }

  Dice& dice_;
  Generated& document_;
  std::string line_end_ = "\n";
  bool needs_start_ = false;
  std::size_t step_ = 2;
  std::size_t deepest_ = 8;
  std::size_t keys_ = 0;
  std::size_t names_ = 0;
  std::size_t aliases_ = 0;
  std::size_t merged_in_ = 0xffff;  // the key column of the map that already has a merge key
  std::string flow_pad_ = "  ";
  std::vector<Anchor> anchors_;
};

}  // namespace

Generated generate_yaml(Dice& dice) {
  Generated document;
  YamlWriter(dice, document).file();
  return document;
}

}  // namespace leafseal::test
