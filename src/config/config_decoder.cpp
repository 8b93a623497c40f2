#include "config/config_decoder.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "base/base64.hpp"
#include "base/edit_distance.hpp"

namespace leafseal::config {
namespace {

constexpr std::size_t step_limit = 400'000;  // a text of 1 MiB needs fewer; more come from aliases of aliases
constexpr std::size_t unknown_limit = 200;
constexpr std::size_t problem_limit = 50;

std::string_view tag_of(YamlType type) {
  switch (type) {
    case YamlType::null: return "!!null";
    case YamlType::boolean: return "!!bool";
    case YamlType::integer: return "!!int";
    case YamlType::real: return "!!float";
    case YamlType::timestamp: return "!!timestamp";
    case YamlType::string: return "!!str";
    case YamlType::merge: return "!!merge";
    case YamlType::binary: return "!!binary";
    case YamlType::list: return "!!seq";
    case YamlType::map: return "!!map";
  }
  return "";
}

std::optional<long long> parse_integer(std::string text) {
  std::erase(text, '_');
  std::string_view digits = text;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  int base = 10;
  if (digits.size() > 1 && digits[0] == '0') {
    const char letter = static_cast<char>(digits[1] | 0x20);
    base = letter == 'x' ? 16 : letter == 'b' ? 2 : 8;
    digits.remove_prefix(letter == 'x' || letter == 'b' || letter == 'o' ? 2 : 1);
  }
  long long value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return negative ? -value : value;
}

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace

void Decoder::count_step(const YamlNode& node) {
  if (++steps_ > step_limit) {
    throw Error(ExitCode::generic,
                "error loading config: Could not unmarshal config file: yaml: document contains excessive aliasing",
                tree_.place(node));
  }
}

void Decoder::fail(const YamlNode& node, const std::string& problem) {
  if (problems_.size() < problem_limit) problems_.push_back({tree_.place(node), problem});
}

void Decoder::mismatch(const YamlNode& node, std::string_view type) {
  std::string what(tag_of(node.type));
  if (node.is_scalar()) what += " `" + quoted(node.text.size() > 10 ? node.text.substr(0, 7) + "..." : node.text) + "`";
  fail(node, "cannot unmarshal " + what + " into " + std::string(type));
}

void Decoder::finish() const {
  if (problems_.empty()) return;
  std::string message = "error loading config: Could not unmarshal config file: yaml: unmarshal errors:";
  for (const Remark& problem : problems_) message += "\n  line " + std::to_string(problem.place.line) + ": " + problem.text;
  throw Error(ExitCode::generic, message, problems_.front().place);
}

bool Decoder::names_differ(const YamlNode& map) {
  std::unordered_map<std::string_view, std::vector<const YamlNode*>> by_name;
  for (std::size_t i = 0; i < map.items.size(); i += 2) by_name[map.items[i]->text].push_back(map.items[i]);
  if (2 * by_name.size() == map.items.size()) return true;
  for (std::size_t i = 0; i < map.items.size(); i += 2) {
    std::vector<const YamlNode*>& same = by_name[map.items[i]->text];
    const YamlNode* first = same.front();
    same.erase(same.begin());
    for (const YamlNode* later : same) {
      if (problems_.size() >= problem_limit) return false;
      fail(*later,
           "mapping key \"" + quoted(later->text) + "\" already defined at line " + std::to_string(first->line));
    }
  }
  return false;
}

// Maps to be merged, so that the first of them is at the end of `pending`.
void Decoder::push_merged(const YamlNode& merge, std::vector<const YamlNode*>& pending) {
  std::vector<const YamlNode*> maps = merge.type == YamlType::list ? merge.items : std::vector{&merge};
  std::reverse(maps.begin(), maps.end());
  for (const YamlNode* map : maps) {
    if (map->type != YamlType::map) {
      throw Error(ExitCode::generic,
                  "error loading config: Could not unmarshal config file: yaml: map merge requires map or sequence of "
                  "maps as the value",
                  tree_.place(*map));
    }
    pending.push_back(map);
  }
}

std::vector<Field> Decoder::fields(const YamlNode& node, std::string_view type,
                                   std::span<const std::string_view> known, bool open_ended) {
  std::vector<Field> result;
  if (node.type == YamlType::null) return result;
  if (node.type != YamlType::map) {
    mismatch(node, type);
    return result;
  }
  // Own names win over merged ones, and earlier merged maps over later ones.
  std::unordered_set<std::string_view> taken;
  std::vector<const YamlNode*> pending = {&node};
  while (!pending.empty()) {
    const YamlNode& map = *pending.back();
    pending.pop_back();
    count_step(map);
    if (!names_differ(map)) continue;
    const YamlNode* merge = nullptr;
    for (std::size_t i = 0; i + 1 < map.items.size(); i += 2) {
      const Field field{map.items[i]->text, map.items[i], map.items[i + 1]};
      count_step(*field.key);
      if (field.key->type == YamlType::merge) {
        merge = field.value;
      } else if (!field.key->is_scalar()) {
        mismatch(*field.key, "string");
      } else if (field.key->type != YamlType::null && taken.insert(field.name).second) {
        result.push_back(field);
      }
    }
    if (merge != nullptr) push_merged(*merge, pending);
  }
  for (const Field& field : result) note_unknown(field, known, open_ended);
  return result;
}

void Decoder::note_unknown(const Field& field, std::span<const std::string_view> known, bool open_ended) {
  if (std::find(known.begin(), known.end(), field.name) != known.end() || unknown_.size() == unknown_limit) return;
  const std::string_view nearest = nearest_word(field.name, known);
  if (nearest.empty() && open_ended) return;
  std::string text = "the unknown key \"" + quoted(field.name, 60) + "\" is ignored";
  if (!nearest.empty()) text += "; did you mean \"" + std::string(nearest) + "\"?";
  unknown_.push_back({tree_.place(*field.key), std::move(text)});
}

std::vector<const YamlNode*> Decoder::items(const YamlNode& node, std::string_view type) {
  std::vector<const YamlNode*> result;
  if (node.type == YamlType::null) return result;
  if (node.type != YamlType::list) {
    mismatch(node, type);
    return result;
  }
  for (const YamlNode* item : node.items) {
    count_step(*item);
    if (item->type != YamlType::null) result.push_back(item);
  }
  return result;
}

std::string Decoder::text(const YamlNode& node) {
  if (node.type == YamlType::null) return {};
  if (!node.is_scalar()) mismatch(node, "string");
  if (node.type != YamlType::binary) return node.text;
  std::string decoded;
  if (base64::decode(node.text, decoded)) fail(node, "!!binary value contains invalid base64 data");
  return decoded;
}

std::vector<std::string> Decoder::texts(const YamlNode& node) {
  std::vector<std::string> result;
  for (const YamlNode* item : items(node, "[]string")) result.push_back(text(*item));
  return result;
}

long long Decoder::number(const YamlNode& node, long long if_null) {
  if (node.type == YamlType::null) return if_null;
  if (node.type == YamlType::integer) {
    if (const auto value = parse_integer(node.text)) return *value;
  } else if (node.type == YamlType::real) {  // cut to its whole part, as the reference does
    char* end = nullptr;
    const double value = std::strtod(node.text.c_str(), &end);
    if (*end == '\0' && std::abs(value) < 9e18) return static_cast<long long>(value);
  }
  mismatch(node, "int");
  return if_null;
}

bool Decoder::flag(const YamlNode& node, bool if_null) {
  if (node.type == YamlType::null) return if_null;
  if (node.type == YamlType::boolean) return node.text[0] == 't' || node.text[0] == 'T';
  if (node.type == YamlType::string) {
    if (one_of(node.text, {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"})) return true;
    if (one_of(node.text, {"n", "N", "no", "No", "NO", "off", "Off", "OFF"})) return false;
  }
  mismatch(node, "bool");
  return if_null;
}

void Decoder::any(const YamlNode& node) {
  std::vector<const YamlNode*> pending = {&node};
  while (!pending.empty()) {
    const YamlNode& next = *pending.back();
    pending.pop_back();
    count_step(next);
    if (next.type == YamlType::map) names_differ(next);
    pending.insert(pending.end(), next.items.begin(), next.items.end());
  }
}

}  // namespace leafseal::config
