#include "config/simple_pattern.hpp"

#include <re2/re2.h>

#include <algorithm>

namespace leafseal::config {
namespace {

using Row = SimplePattern;
using Rows = std::optional<std::vector<Row>>;

constexpr std::size_t row_limit = 64;
constexpr std::size_t symbol_limit = 512;
constexpr int depth_limit = 20;

Symbol class_symbol(std::string text) {
  RE2::Options options;
  options.set_log_errors(false);
  const RE2 regex(text, options);
  Symbol symbol{Symbol::character_class, false, std::move(text), {}};
  if (!regex.ok()) return symbol;
  for (std::size_t c = 0; c < symbol.ascii.size(); ++c) {
    symbol.ascii[c] = RE2::FullMatch(std::string(1, static_cast<char>(c)), regex);
  }
  return symbol;
}

// The one followed by the other; nothing when an anchor would stand in between.
std::optional<Row> joined(const Row& front, const Row& back) {
  const bool back_is_nothing = back.symbols.empty() && !back.from_start;
  if (back.from_start && (!front.symbols.empty() || front.to_end)) return std::nullopt;
  if (front.to_end && !back_is_nothing) return std::nullopt;
  Row row = front;
  row.from_start = front.from_start || back.from_start;
  row.to_end = front.to_end || back.to_end;
  row.symbols.insert(row.symbols.end(), back.symbols.begin(), back.symbols.end());
  if (row.symbols.size() > symbol_limit) return std::nullopt;
  return row;
}

Rows multiplied(const std::vector<Row>& front, const std::vector<Row>& back) {
  std::vector<Row> rows;
  for (const Row& one : front) {
    for (const Row& other : back) {
      auto row = joined(one, other);
      if (!row || rows.size() == row_limit) return std::nullopt;
      rows.push_back(*std::move(row));
    }
  }
  return rows;
}

class PatternReader {
 public:
  explicit PatternReader(std::string_view text) : rest_(text) {}

  Rows read() {
    Rows rows = alternatives(0);
    return rows && rest_.empty() ? rows : std::nullopt;
  }

 private:
  Rows alternatives(int depth) {
    std::vector<Row> all;
    for (;;) {
      const Rows rows = sequence(depth);
      if (!rows || all.size() + rows->size() > row_limit) return std::nullopt;
      all.insert(all.end(), rows->begin(), rows->end());
      if (!taken("|")) return all;
    }
  }

  Rows sequence(int depth) {
    std::vector<Row> rows = {Row{}};
    while (!rest_.empty() && rest_[0] != '|' && rest_[0] != ')') {
      const Rows atom = repeated_atom(depth);
      if (!atom) return std::nullopt;
      Rows longer = multiplied(rows, *atom);
      if (!longer) return std::nullopt;
      rows = *std::move(longer);
    }
    return rows;
  }

  Rows repeated_atom(int depth) {
    Rows rows = atom(depth);
    if (!rows || rest_.empty()) return rows;
    const char mark = rest_[0];
    if (mark == '{') return std::nullopt;
    if (mark != '*' && mark != '+' && mark != '?') return rows;
    rest_.remove_prefix(1);
    taken("?");  // as few as possible: the same texts
    if (!rest_.empty() && (rest_[0] == '*' || rest_[0] == '+' || rest_[0] == '?' || rest_[0] == '{')) return std::nullopt;
    const auto anchored = [](const Row& row) { return row.from_start || row.to_end; };
    if (std::any_of(rows->begin(), rows->end(), anchored)) return std::nullopt;
    if (mark == '?') {
      rows->push_back(Row{});
      return rows;
    }
    if (rows->size() != 1 || rows->front().symbols.size() != 1 || rows->front().symbols[0].repeated) return std::nullopt;
    std::vector<Symbol>& symbols = rows->front().symbols;
    if (mark == '+') symbols.push_back(symbols[0]);
    symbols.back().repeated = true;
    return rows;
  }

  Rows atom(int depth) {
    if (taken("(")) return group(depth);
    if (taken("^") || taken("\\A")) return std::vector<Row>{{true, false, {}}};
    if (taken("$") || taken("\\z")) return std::vector<Row>{{false, true, {}}};
    if (taken(".")) return one({Symbol::any, false, {}, {}});
    if (rest_[0] == '[') return character_class();
    if (rest_[0] == '\\') return escape();
    if (rest_[0] == '*' || rest_[0] == '+' || rest_[0] == '?') return std::nullopt;
    return literal();
  }

  Rows group(int depth) {
    if (depth == depth_limit) return std::nullopt;
    if (taken("?")) {
      if (taken("P<") || taken("<")) {
        const std::size_t end = rest_.find('>');
        if (end == std::string_view::npos) return std::nullopt;
        rest_.remove_prefix(end + 1);
      } else if (!taken(":")) {
        return std::nullopt;  // flags change what the rest means
      }
    }
    Rows rows = alternatives(depth + 1);
    return rows && taken(")") ? rows : std::nullopt;
  }

  Rows character_class() {
    std::size_t at = rest_.starts_with("[^") ? 2 : 1;
    for (bool first = true;; first = false) {
      if (at >= rest_.size()) return std::nullopt;
      if (rest_[at] == ']' && !first) break;
      if (rest_[at] == '\\') {
        at += 2;
      } else if (rest_.substr(at).starts_with("[:")) {
        const std::size_t end = rest_.find(":]", at);
        if (end == std::string_view::npos) return std::nullopt;
        at = end + 2;
      } else {
        ++at;
      }
    }
    return one(class_symbol(take(at + 1)));
  }

  Rows escape() {
    if (rest_.size() < 2) return std::nullopt;
    if (std::string_view("dDwWsS").find(rest_[1]) != std::string_view::npos) {
      return one(class_symbol(take(2)));
    }
    const auto next = static_cast<unsigned char>(rest_[1]);
    if (next >= 0x80 || next < 0x21 || (next >= '0' && next <= '9') || ((next | 0x20) >= 'a' && (next | 0x20) <= 'z')) {
      return std::nullopt;
    }
    rest_.remove_prefix(1);
    return literal();
  }

  Rows literal() {
    std::size_t length = 1;
    while (length < rest_.size() && (static_cast<unsigned char>(rest_[length]) & 0xc0) == 0x80) ++length;
    return one({Symbol::literal, false, take(length), {}});
  }

  static Rows one(Symbol symbol) { return std::vector<Row>{{false, false, {std::move(symbol)}}}; }
  bool taken(std::string_view text) {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  std::string take(std::size_t length) {
    std::string text(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return text;
  }

  std::string_view rest_;
};

}  // namespace

Rows read_simple_pattern(std::string_view pattern) { return PatternReader(pattern).read(); }

std::vector<Symbol> whole_text(const SimplePattern& pattern) {
  const Symbol anything = {Symbol::any, true, {}, {}};
  std::vector<Symbol> symbols;
  if (!pattern.from_start) symbols.push_back(anything);
  symbols.insert(symbols.end(), pattern.symbols.begin(), pattern.symbols.end());
  if (!pattern.to_end) symbols.push_back(anything);
  return symbols;
}

}  // namespace leafseal::config
