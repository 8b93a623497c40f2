#include "config/pattern_cover.hpp"

#include <algorithm>

namespace leafseal::config {
namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Whether the symbol next to the pattern's end may stand in the middle of a name. What repeats anything was meant to.
bool inside_name(const Symbol& symbol) {
  if (symbol.kind == Symbol::literal) return is_name_character(symbol.text[0]);
  return symbol.kind == Symbol::character_class && !symbol.repeated;
}

// A path that the pattern takes and its author may not have thought of; empty when it takes more than copying.
std::string example_of(const SimplePattern& pattern, bool front, bool back) {
  std::string text = front ? "non" : "";
  for (const Symbol& symbol : pattern.symbols) {
    if (symbol.kind == Symbol::character_class && !symbol.repeated) return {};
    if (symbol.kind == Symbol::literal && !symbol.repeated) text += symbol.text;
    if (symbol.kind == Symbol::any && !symbol.repeated) text += 'x';
  }
  return text + (back ? "-old" : "");
}

// Whether `wide` may take the symbol `narrow` as one of its own.
bool takes(const Symbol& wide, const Symbol& narrow) {
  if (wide.kind == Symbol::any) return true;
  if (wide.kind == Symbol::literal) return narrow.kind == Symbol::literal && wide.text == narrow.text;
  if (narrow.kind == Symbol::literal) {
    const auto c = static_cast<unsigned char>(narrow.text[0]);
    return c < 0x80 && wide.ascii[c];
  }
  return narrow.kind == Symbol::character_class && wide.text == narrow.text;
}

std::vector<std::vector<Symbol>> whole_texts(std::string_view pattern) {
  std::vector<std::vector<Symbol>> texts;
  if (const auto alternatives = read_simple_pattern(pattern)) {
    for (const SimplePattern& alternative : *alternatives) texts.push_back(whole_text(alternative));
  }
  return texts;
}

}  // namespace

LooseEnds loose_ends(std::string_view pattern) {
  LooseEnds ends;
  const auto alternatives = read_simple_pattern(pattern);
  if (!alternatives) return ends;
  for (const SimplePattern& alternative : *alternatives) {
    if (alternative.symbols.empty()) continue;
    const bool front = !alternative.from_start && inside_name(alternative.symbols.front());
    const bool back = !alternative.to_end && inside_name(alternative.symbols.back());
    if ((front || back) && ends.example.empty()) ends.example = example_of(alternative, front, back);
    ends.front = ends.front || front;
    ends.back = ends.back || back;
  }
  return ends;
}

// Whether every text of `narrow` is one of `wide`: the one pattern is matched against the symbols of the other. A
// repetition in the narrow one stands for any number of its symbol, so only a repetition may take it.
bool PatternCover::contains(const std::vector<Symbol>& wide, const std::vector<Symbol>& narrow) {
  const std::size_t work = (wide.size() + 1) * (narrow.size() + 1);
  if (work > budget_) return false;
  budget_ -= work;
  // reach[j]: the symbols of `wide` so far take exactly the first j of `narrow`.
  std::vector<char> reach(narrow.size() + 1, 0);
  reach[0] = 1;
  for (const Symbol& symbol : wide) {
    std::vector<char> next(narrow.size() + 1, 0);
    if (symbol.repeated) next[0] = reach[0];
    for (std::size_t j = 0; j < narrow.size(); ++j) {
      const bool fits = takes(symbol, narrow[j]);
      if (symbol.repeated) {
        next[j + 1] = static_cast<char>(reach[j + 1] != 0 || (fits && next[j] != 0));
      } else {
        next[j + 1] = static_cast<char>(fits && !narrow[j].repeated && reach[j] != 0);
      }
    }
    reach = std::move(next);
  }
  return reach.back() != 0;
}

PatternCover::Answer PatternCover::asked(std::string_view pattern) {
  std::vector<std::vector<Symbol>> texts = whole_texts(pattern);
  if (texts.empty()) texts = {{{Symbol::any, true, {}, {}}}};  // not a simple one, but it takes nothing outside these
  std::vector<bool> covered(texts.size(), false);
  for (std::size_t i = 0; i < earlier_.size(); ++i) {
    const Earlier& one = earlier_[i];
    if (one.pattern == pattern || one.pattern.empty()) return {true, i};
    bool alone = true;
    for (std::size_t t = 0; t < texts.size(); ++t) {
      const bool here = std::any_of(one.texts.begin(), one.texts.end(), [&](const auto& wide) { return contains(wide, texts[t]); });
      alone = alone && here;
      covered[t] = covered[t] || here;
    }
    if (alone) return {true, i};
  }
  return {std::find(covered.begin(), covered.end(), false) == covered.end(), std::nullopt};
}

void PatternCover::add(std::string_view pattern) { earlier_.push_back({std::string(pattern), whole_texts(pattern)}); }

}  // namespace leafseal::config
