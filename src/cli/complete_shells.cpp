// How shells ask for completions: their words as they were typed, quotes and all, and what they put into the line.
#include <algorithm>
#include <charconv>

#include "base/process.hpp"
#include "cli/complete.hpp"

namespace leafseal::cli {
namespace {

struct Typed {
  std::string text;
  char quote = '\0';  // that is still open
};

// The beginning of a word. Only a quote that opens it counts: what people complete are words, not puzzles.
Typed unquoted(const std::string& raw) {
  Typed typed;
  std::size_t at = 0;
  if (raw.starts_with('\'') || raw.starts_with('"')) typed.quote = raw[at++];
  for (; at < raw.size(); ++at) {
    const bool escapes = raw[at] == '\\' && typed.quote != '\'' && at + 1 < raw.size();
    typed.text += escapes ? raw[++at] : raw[at];
  }
  return typed;
}

// Bash hands over `--extract='["a'` as three words.
std::vector<std::string> joined_at_equals(std::span<const std::string> raw) {
  std::vector<std::string> words;
  for (const std::string& word : raw) {
    if (word == "=" && !words.empty() && words.back().starts_with('-')) continue;
    const auto whole = split_command(word);
    words.push_back(whole && whole->size() == 1 ? whole->front() : word);
  }
  return words;
}

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.,/:=@%+").find(c) != std::string_view::npos;
}

// What stands in bash's line for a candidate; readline closes a quote that is open. Empty: it cannot be written.
std::string for_bash(const std::string& text, char quote) {
  const auto has = [&](std::string_view letters) { return text.find_first_of(letters) != std::string::npos; };
  if (quote == '"') return has("\"$`\\!") ? "" : text;
  if (quote == '\'') return has("'") ? "" : text;
  if (std::all_of(text.begin(), text.end(), is_bare)) return text;
  return has("'") ? "" : "'" + text + "'";
}

}  // namespace

int run_complete(Environment& environment, std::span<const std::string> words) {
  std::size_t count = 0;
  if (words.size() < 3 || !words[2].starts_with('=')) return 0;
  std::from_chars(words[1].data(), words[1].data() + words[1].size(), count);
  const std::string& shell = words[0];
  const auto rest = words.subspan(3);
  count = std::min(count, rest.size());

  std::vector<std::string> before(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(count));
  std::vector<std::string> after(rest.begin() + static_cast<std::ptrdiff_t>(count), rest.end());
  Typed typed{words[2].substr(1), '\0'};
  const bool bash = shell == "bash";
  if (bash) {
    before = joined_at_equals(before);
    after = joined_at_equals(after);
    if (typed.text == "=" && !before.empty() && before.back().starts_with('-')) typed.text.clear();
  }
  if (bash || shell == "fish" || shell == "powershell") typed = unquoted(typed.text);

  const bool single_quotes = shell == "powershell" || (bash && typed.quote == '"');  // around keys
  std::string text;
  for (const Candidate& one : complete(environment, {before, typed.text, after, single_quotes ? '\'' : '"'})) {
    const std::string shown = bash ? for_bash(one.text, typed.quote) : one.text;
    if (!shown.empty()) text += shown + "\t" + one.description + "\n";
  }
  environment.out(text);
  return 0;
}

}  // namespace leafseal::cli
