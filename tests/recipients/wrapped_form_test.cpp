// [I11] The form of wrapped keys: those that programs wrote are taken, each change that breaks the form is noticed.
#include "recipients/wrapped_form.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/base64.hpp"
#include "leafseal/format.hpp"
#include "leafseal/metadata.hpp"

namespace {

using namespace leafseal;

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The entries of every sealed file in the golden corpus: of sops 2.0 to 3.13, GnuPG and Go's OpenPGP.
std::vector<RecipientEntry> recorded() {
  std::vector<RecipientEntry> entries;
  for (const auto& folder : std::filesystem::directory_iterator(std::string(TESTDATA) + "/golden/cases")) {
    for (const auto& file : std::filesystem::directory_iterator(folder)) {
      const std::string name = file.path().filename();
      if (!name.starts_with("encrypted.")) continue;
      const Document document = format_for_file(name).parse(read(file.path()), ParseMode::sealed);
      if (!has_metadata(document)) continue;
      for (const KeyGroup& group : read_metadata(document).keys.groups) {
        entries.insert(entries.end(), group.entries.begin(), group.entries.end());
      }
    }
  }
  return entries;
}

RecipientEntry with(RecipientKind kind, std::string enc) { return {kind, {}, {}, std::move(enc)}; }

std::string armored(const std::string& packets) {
  return "-----BEGIN PGP MESSAGE-----\n\n" + base64::encode(packets) + "\n-----END PGP MESSAGE-----";
}

}  // namespace

TEST_CASE("what programs wrapped has the form of its kind [I11]", "[wrapped_form]") {
  const auto entries = recorded();
  REQUIRE(entries.size() > 100);
  std::size_t age = 0, pgp = 0;
  for (const RecipientEntry& entry : entries) {
    if (entry.kind != RecipientKind::age && entry.kind != RecipientKind::pgp) continue;
    (entry.kind == RecipientKind::age ? age : pgp) += 1;
    INFO(entry.id());
    CHECK(wrapped_form_problem(entry).empty());
  }
  CHECK(age > 50);
  CHECK(pgp > 10);
}

TEST_CASE("every cut and every flipped byte of the armor is noticed [I11]", "[wrapped_form]") {
  std::size_t seen = 0;
  for (const RecipientEntry& entry : recorded()) {
    if ((entry.kind != RecipientKind::age && entry.kind != RecipientKind::pgp) || ++seen > 12) continue;
    for (std::size_t cut = 0; cut + 2 < entry.enc.size(); cut += 7) {
      INFO(entry.id() << " cut at " << cut);
      CHECK_FALSE(wrapped_form_problem(with(entry.kind, entry.enc.substr(0, cut))).empty());
    }
  }
}

TEST_CASE("entries that were slipped in, kind by kind [I11]", "[wrapped_form]") {
  struct Row {
    RecipientKind kind;
    std::string enc;
    const char* problem;  // a part of it; empty: fine
  };
  const std::string key_packet("\x85\x00\x03\x03\x01\x02", 6), content("\xd2\x02\x01\x02", 4);
  for (const Row& row : std::vector<Row>{
           {RecipientKind::age, "", "is empty"},
           {RecipientKind::age, "x", "is not an age file"},
           {RecipientKind::pgp, "x", "is not an armored"},
           {RecipientKind::pgp, armored(key_packet + content), ""},
           {RecipientKind::pgp, armored(key_packet), "holds no OpenPGP message"},
           {RecipientKind::pgp, armored(content), "holds no OpenPGP message"},
           {RecipientKind::pgp, armored(key_packet + content.substr(0, 3)), "cut off"},
           {RecipientKind::pgp, armored(key_packet + content + key_packet), "no place"},
           {RecipientKind::pgp, armored("hello"), "malformed"},
           {RecipientKind::pgp, armored(""), "is not an armored"},
           {RecipientKind::kms, "AQIC", ""},
           {RecipientKind::kms, "AQI", "is not base64"},
           {RecipientKind::gcp_kms, "???", "is not base64"},
           {RecipientKind::azure_kv, "a-_b", ""},
           {RecipientKind::azure_kv, "a+/b", "base64url"},
           {RecipientKind::azure_kv, "YQ==", "base64url"},
           {RecipientKind::hc_vault, "vault:v1:YWJj", ""},
           {RecipientKind::hc_vault, "vault:v:YWJj", "vault:vN"},
           {RecipientKind::hc_vault, "vault:v1:", "vault:vN"},
           {RecipientKind::hc_vault, "YWJj", "vault:vN"},
           {RecipientKind::hckms, "", "is empty"},
       }) {
    const std::string problem = wrapped_form_problem(with(row.kind, row.enc));
    INFO(kind_name(row.kind) << " " << row.enc << ": " << problem);
    CHECK(problem.empty() == std::string_view(row.problem).empty());
    CHECK(problem.find(row.problem) != std::string::npos);
  }
}
