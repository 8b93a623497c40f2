// Several values set in one write are what they are when set one by one. Their quotes may differ: they follow the
// neighbours, which are tokens in one case and still plain in the other.
#include <catch2/catch.hpp>
#include <iostream>
#include <map>
#include <optional>
#include <set>

#include "cli/set_value.hpp"
#include "leafseal/error.hpp"
#include "leafseal/token.hpp"
#include "support/fixed_key_sealing.hpp"
#include "support/generate_json.hpp"
#include "support/generate_yaml.hpp"

namespace {

using namespace leafseal;
using namespace leafseal::cli;

struct Wanted {
  Path path;
  std::string typed;
  Document value;
};

// Paths of scalars that are there, of entries that are not, and below those.
Path random_path(test::Dice& dice, const Document& document) {
  const NodeId root = document.roots[0];
  for (int tries = 0; tries < 20; ++tries) {
    const auto id = static_cast<NodeId>(dice.below(document.size()));
    const NodeKind kind = document[id].kind;
    if (kind == NodeKind::comment || kind == NodeKind::alias) continue;
    NodeId top = id;
    while (document[top].parent != no_node) top = document[top].parent;
    if (top != root) continue;
    Path path = path_of(document, id);
    if (kind == NodeKind::map) path.emplace_back("new" + std::to_string(dice.below(3)));
    if (kind == NodeKind::list) path.emplace_back(std::int64_t{1000});
    if (kind != NodeKind::scalar && dice.percent(30)) path.emplace_back("deep");
    if (!path.empty() && resolve(document, root, path_of(document, id)) == id) return path;
  }
  return {std::string("new")};
}

Wanted random_change(test::Dice& dice, const Document& document, FormatId format) {
  const std::string typed(format == FormatId::yaml && dice.percent(30)
                              ? dice.pick({"0x1F", "0o17", "2020-01-01", "TRUE", "+7", "1_0", "text", "~"})
                              : dice.pick({"1.50", "1e3", "7", "\"text\"", "\"two\\nlines\"", "true", "null", "\"\"",
                                           "{\"a\": 1.50, \"b\": [2.0, \"x\", {\"c\": 1e2}]}", "{}"}));
  const bool json = typed.front() == '"' || typed.front() == '{' || format != FormatId::yaml || typed == "null";
  return {random_path(dice, document), typed, parse_set_value(typed, json ? ValueForm::json : ValueForm::yaml, format)};
}

// Token texts by nonce.
std::map<std::string, std::set<std::string>> by_nonce(const std::string& text) {
  std::map<std::string, std::set<std::string>> found;
  for (std::size_t at = text.find("ENC[AES256_GCM,"); at != std::string::npos;
       at = text.find("ENC[AES256_GCM,", at + 1)) {
    const std::string token = text.substr(at, text.find(']', at) + 1 - at);
    if (const auto parsed = parse_token(token)) found[std::string(parsed->iv)].insert(std::string(parsed->data));
  }
  return found;
}

std::optional<std::string> one_by_one(const Format& format, std::string sealed, const std::vector<Change>& changes) {
  try {
    for (const Change& change : changes) sealed = test::change_with_fixed_key(format, sealed, {&change, 1});
  } catch (const Error&) {
    return std::nullopt;
  }
  return sealed;
}

std::optional<std::string> at_once(const Format& format, const std::string& sealed,
                                   const std::vector<Change>& changes) {
  try {
    return test::change_with_fixed_key(format, sealed, changes);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// Keys, values, types and comments, in one form.
std::string canonical(const Format& format, const std::string& text) {
  return format.emit(format.parse(text, ParseMode::plain), {});
}

struct Tally {
  std::size_t documents = 0;
  std::size_t refused = 0;
  std::size_t spelt = 0;  // the typed spelling stands in the decrypted text
};

void compare(test::Dice& dice, const Format& format, const std::string& plain, const SelectionRule& rule,
             Tally& tally) {
  std::string sealed;
  try {
    sealed = test::seal_with_fixed_key(format, plain, rule).text;
  } catch (const Error&) {
    return;
  }
  const Document document = format.parse(sealed, ParseMode::sealed);
  std::vector<Wanted> wanted;
  for (std::size_t i = dice.between(2, 5); i > 0; --i) wanted.push_back(random_change(dice, document, format.id()));
  std::vector<Change> changes;
  std::string shown;
  for (const Wanted& w : wanted) {
    changes.push_back({w.path, &w.value});
    shown += address(w.path) + " " + w.typed + "\n";
  }
  INFO(shown << "----\n" << plain);
  const auto separate = one_by_one(format, sealed, changes);
  const auto together = at_once(format, sealed, changes);
  ++tally.documents;
  REQUIRE(separate.has_value() == together.has_value());
  if (!together) {
    ++tally.refused;
    return;
  }
  const std::string opened = test::open_with_fixed_key(format, *together);
  CHECK(canonical(format, opened) == canonical(format, test::open_with_fixed_key(format, *separate)));
  for (const auto& [nonce, texts] : by_nonce(sealed + *together)) CHECK(texts.size() == 1);
  for (const Wanted& w : wanted) tally.spelt += w.typed == "1.50" && opened.find("1.50") != std::string::npos;
}

}  // namespace

TEST_CASE("several changes at once are the same changes one by one [M3]") {
  constexpr std::uint64_t seed = 20261125;
  test::Dice dice(seed);
  const std::vector<SelectionRule> rules = {{}, {SelectionKind::encrypted_regex, "[aeiou]"}};
  Tally tally;
  for (int i = 0; i < 400; ++i) {
    const SelectionRule& rule = rules[dice.below(rules.size())];
    compare(dice, format_by_id(FormatId::yaml), test::generate_yaml(dice).text, rule, tally);
    compare(dice, format_by_id(FormatId::json), test::generate_json(dice).text, rule, tally);
  }
  std::cout << "seed " << seed << ": " << tally.documents << " documents, " << tally.refused << " refused, "
            << tally.spelt << " times 1.50\n";
  CHECK(tally.documents > 600);
  CHECK(tally.refused < tally.documents / 4);
  CHECK(tally.spelt > 100);
}
