#include "recipients/age_stanza.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/base64.hpp"

namespace leafseal::age {
namespace {

constexpr std::string_view prefix = "->";
constexpr std::size_t columns = 64;
constexpr std::size_t bytes_per_line = columns / 4 * 3;

bool is_argument(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= 33 && c <= 126; });
}

Stanza parse_opening(std::string_view line) {
  const auto malformed = [&] { return failure("malformed stanza opening line: \"" + quoted(line) + "\""); };
  if (!line.starts_with(prefix)) throw malformed();
  std::vector<std::string> words;
  for (std::string_view rest = line.substr(prefix.size()); !rest.empty();) {
    if (rest[0] != ' ') throw malformed();
    rest.remove_prefix(1);
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (!is_argument(word)) throw malformed();
    words.emplace_back(word);
    rest.remove_prefix(word.size());
  }
  if (words.empty()) throw malformed();
  Stanza stanza{std::move(words.front()), {}, {}};
  stanza.arguments.assign(std::make_move_iterator(words.begin() + 1), std::make_move_iterator(words.end()));
  return stanza;
}

}  // namespace

void append_stanza(const Stanza& stanza, std::string& out) {
  out.append(prefix).append(" ").append(stanza.type);
  for (const std::string& argument : stanza.arguments) out.append(" ").append(argument);
  out.push_back('\n');
  std::string body = base64::encode(stanza.body, base64::Padding::forbidden);
  std::size_t at = 0;
  for (; at + columns <= body.size(); at += columns) out.append(body, at, columns).push_back('\n');
  out.append(body, at).push_back('\n');
  wipe(body.data(), body.size());
}

bool StanzaParser::add(std::string_view line) {
  if (!std::exchange(open_, true)) {
    stanza_ = parse_opening(line);
    return false;
  }
  const std::size_t before = stanza_.body.size();
  if (line.size() > columns || base64::decode(line, stanza_.body, base64::Padding::forbidden)) {
    if (line.starts_with(prefix) || line.starts_with("---"))
      throw failure("malformed body line \"" + quoted(line, columns) + "\": stanza ended without a short line");
    throw failure("malformed body line of a stanza of type " + quoted(stanza_.type));
  }
  open_ = stanza_.body.size() - before == bytes_per_line;
  return !open_;
}

Stanza StanzaParser::take() { return std::exchange(stanza_, {}); }

std::optional<std::string> decode_argument(std::string_view argument) {
  std::string out;
  if (base64::decode(argument, out, base64::Padding::forbidden)) return std::nullopt;
  return out;
}

}  // namespace leafseal::age
