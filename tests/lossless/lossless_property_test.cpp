// The promise itself: decrypt(encrypt(x)) is x, byte for byte, for thousands of generated documents in every format
// and under every selection rule. Prints its seed, what the documents held, and how many of them needed layout records.
//
//   LEAFSEAL_SEED=N        repeats a run; the default seed is fixed, so that CI is steady
//   LEAFSEAL_DOCUMENTS=N   how many documents a format (2,000)
#include <catch2/catch.hpp>

#include <cstdlib>
#include <iostream>
#include <map>

#include "leafseal/error.hpp"
#include "support/fixed_key_sealing.hpp"
#include "support/generate_binary.hpp"
#include "support/generate_dotenv.hpp"
#include "support/generate_ini.hpp"
#include "support/generate_json.hpp"
#include "support/generate_yaml.hpp"

namespace leafseal::test {

namespace {

const std::vector<SelectionRule> rules = {
    {SelectionKind::unencrypted_suffix, "_unencrypted"},      {SelectionKind::encrypted_suffix, "_secret"},
    {SelectionKind::unencrypted_regex, "^k[0-9]*[02468]"},    {SelectionKind::encrypted_regex, "_secret$|^a"},
    {SelectionKind::unencrypted_comment_regex, "gale|note"}, {SelectionKind::encrypted_comment_regex, "sops:enc"},
    {SelectionKind::unencrypted_suffix, "no key ends so"},
};

std::size_t number_from(const char* variable, std::size_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

struct Tally {
  std::map<std::string, std::size_t> features;
  std::map<std::string, std::size_t> refused;  // message -> documents
  std::size_t documents = 0;
  std::size_t runs = 0;
  std::size_t with_records = 0;
  std::size_t plain_documents = 0;
  std::size_t record_bytes = 0;
  std::size_t source_bytes = 0;
};

// One document under one rule. False: leafseal refused it, which is not a loss.
bool round_trip(const Format& format, const Generated& document, const SelectionRule& rule, bool mac_only, Tally& tally) {
  SealedByTest sealed;
  try {
    sealed = seal_with_fixed_key(format, document.text, rule, mac_only);
  } catch (const Error& refusal) {
    ++tally.refused[refusal.what()];
    return false;
  }
  ++tally.runs;
  if (sealed.layout_bytes > 0) ++tally.with_records;
  tally.record_bytes += sealed.layout_bytes;
  tally.source_bytes += document.text.size();

  std::string opened;
  try {
    opened = open_with_fixed_key(format, sealed.text);
  } catch (const Error& failure) {
    FAIL_CHECK("does not open: " << failure.what() << "\nsealed:\n" << sealed.text);
    return true;
  }
  CAPTURE(selection_field(rule.kind), rule.pattern, sealed.text);
  CHECK(opened == document.text);
  if (document.plain && sealed.layout_bytes > 0) FAIL_CHECK("a plain document carries layout records:\n" << document.text);
  return true;
}

void print(std::string_view format, std::size_t seed, const Tally& tally) {
  std::cout << format << ": seed " << seed << ", " << tally.documents << " documents (" << tally.plain_documents
            << " plain), " << tally.runs << " round trips; " << tally.with_records << " carry layout records, "
            << tally.record_bytes << " bytes for " << tally.source_bytes << " of source ("
            << (tally.source_bytes == 0 ? 0.0
                                        : 100.0 * static_cast<double>(tally.record_bytes) /
                                              static_cast<double>(tally.source_bytes))
            << " %)\n";
  for (const auto& [feature, count] : tally.features) std::cout << "  " << count << "  " << feature << '\n';
  for (const auto& [message, count] : tally.refused) std::cout << "  refused " << count << ": " << message << '\n';
}

void check_format(FormatId id, Generated (*generate)(Dice&), const std::vector<SelectionRule>& under) {
  const Format& format = format_by_id(id);
  const std::size_t seed = number_from("LEAFSEAL_SEED", 20261122);
  const std::size_t documents = number_from("LEAFSEAL_DOCUMENTS", 2000);
  Dice dice(seed);
  Tally tally;
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < documents; ++i) {
    const Generated document = generate(dice);
    INFO("seed " << seed << ", document " << i << ":\n" << document.text);
    ++tally.documents;
    tally.plain_documents += document.plain ? 1 : 0;
    bool sealed = true;
    for (std::size_t rule = 0; rule < under.size(); ++rule) {
      sealed = round_trip(format, document, under[rule], (i + rule) % 5 == 0, tally) && sealed;
    }
    if (!sealed) continue;
    ++accepted;
    for (const std::string& feature : document.features) ++tally.features[feature];
  }
  print(format.name(), seed, tally);
  CHECK(accepted * 100 >= documents * 97);
  if (documents < 2000) return;
  for (const auto& [feature, count] : tally.features) {
    INFO(feature);
    CHECK(count >= 20);
  }
}

}  // namespace

TEST_CASE("YAML comes back byte for byte", "[yaml]") { check_format(FormatId::yaml, generate_yaml, rules); }

TEST_CASE("JSON comes back byte for byte", "[json]") {
  check_format(FormatId::json, generate_json, {rules.begin(), rules.begin() + 4});
}

TEST_CASE("dotenv comes back byte for byte", "[dotenv]") { check_format(FormatId::dotenv, generate_dotenv, rules); }

TEST_CASE("INI comes back byte for byte", "[ini]") { check_format(FormatId::ini, generate_ini, rules); }

TEST_CASE("binary comes back byte for byte", "[binary]") {
  check_format(FormatId::binary, generate_binary, {{SelectionKind::everything, ""}});
}

}  // namespace leafseal::test
