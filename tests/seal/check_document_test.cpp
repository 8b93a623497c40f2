// What can be told without a key: nothing against what was sealed properly, by us or by the reference, and every kind
// of damage that shows in the text.
#include <catch2/catch.hpp>

#include "leafseal/format.hpp"
#include "seal/check_document.hpp"
#include "support/fixed_key_sealing.hpp"
#include "support/golden.hpp"

using namespace leafseal;

namespace {

constexpr const char* secret = "hunter2-canary";

// The key of fixed_key_sealing is none that anybody could open.
std::string marked_as_damaged(const RecipientEntry& entry) {
  return entry.enc.find("damaged") == std::string::npos ? "" : "is damaged";
}

std::vector<CheckFinding> check(const Format& format, const std::string& text,
                                const std::optional<RuleSelector>& expected = std::nullopt) {
  return check_document(format.parse(text, ParseMode::sealed), expected, marked_as_damaged);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// `text` with the token that stands behind `key` replaced.
std::string with_value(const std::string& text, const std::string& key, const std::string& value) {
  const std::size_t at = text.find(key);
  REQUIRE(at != std::string::npos);
  const std::size_t begin = text.find("ENC[", at);
  const std::size_t end = text.find(']', begin) + 1;
  return text.substr(0, begin) + value + text.substr(end);
}

std::string token_of(const std::string& text, const std::string& key) {
  const std::size_t begin = text.find("ENC[", text.find(key));
  return text.substr(begin, text.find(']', begin) + 1 - begin);
}

std::string sealed_yaml(const SelectionRule& rule = {}) {
  return test::seal_with_fixed_key(format_by_id(FormatId::yaml),
                                   "# a remark\na: one\nb:\n  - two\n  - 3\nc_unencrypted: clear\nd: null\ne: ''\n",
                                   rule)
      .text;
}

std::size_t line_of(const std::string& text, const std::string& what) {
  const auto end = text.begin() + static_cast<std::ptrdiff_t>(text.find(what));
  return static_cast<std::size_t>(std::count(text.begin(), end, '\n')) + 1;
}

struct Seen {
  std::size_t line;
  std::string text;
  bool warning;
};

Seen only(const std::vector<CheckFinding>& findings) {
  REQUIRE(findings.size() == 1);
  CHECK(findings[0].text.find(secret) == std::string::npos);
  return {findings[0].line, findings[0].text, findings[0].warning};
}

}  // namespace

TEST_CASE("what was sealed has no findings, in every format") {
  for (const auto& [id, text] : std::initializer_list<std::pair<FormatId, const char*>>{
           {FormatId::yaml, "a: 1\nl: [x, {y: true}]\n# c\n---\nb: 2\n"},
           {FormatId::json, R"({"a": [1, null, "", {"b": 1.5}]})"},
           {FormatId::dotenv, "# c\nA=1\nB=\n"},
           {FormatId::ini, "; c\n[s]\nk = v\n"},
           {FormatId::binary, "bytes\0"}}) {
    const Format& format = format_by_id(id);
    INFO(format.name());
    CHECK(check(format, test::seal_with_fixed_key(format, text, {}).text).empty());
  }
}

TEST_CASE("what the reference sealed has no findings") {
  std::size_t files = 0;
  for (const auto& folder : testing::golden_cases("")) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().stem() != "encrypted") continue;
      INFO(entry.path().string());
      ++files;
      if (folder.filename().string().find("no-mac") != std::string::npos) continue;
      for (const CheckFinding& finding :
           check(format_for_file(entry.path().string()), testing::read_text(entry.path()))) {
        INFO(finding.line << ": " << finding.text);
        CHECK(finding.warning);
      }
    }
  }
  CHECK(files > 100);
}

TEST_CASE("a value in clear is named by its path and line, never by what it is") {
  const std::string sealed = sealed_yaml();
  const Format& yaml = format_by_id(FormatId::yaml);
  const Seen text = only(check(yaml, with_value(sealed, "\na:", secret)));
  CHECK((text.line == 2 && !text.warning &&
         text.text == "[\"a\"] is in clear, but unencrypted_suffix _unencrypted selects it"));
  const Seen number = only(check(yaml, with_value(sealed, "- ENC", "17")));
  CHECK((number.line == 4 && number.text.starts_with("[\"b\"][0] is in clear")));
  CHECK(only(check(yaml, replaced(sealed, "d: null", std::string("d: ") + secret))).line == 7);
  const std::string anchored = replaced(sealed, "c_unencrypted: ", "c_unencrypted: &x ");
  const Seen alias = only(check(yaml, replaced(anchored, "d: null", "d: *x")));
  CHECK(alias.line == 7);
}

TEST_CASE("a damaged token is told from a value") {
  const std::string sealed = sealed_yaml();
  const Format& yaml = format_by_id(FormatId::yaml);
  const std::string token = token_of(sealed, "\na:");
  const auto finding = [&](const std::string& value) {
    return only(check(yaml, with_value(sealed, "\na:", value))).text;
  };
  CHECK(finding(token.substr(0, 40)) == "[\"a\"] is a damaged token: it has not all its parts");
  CHECK(finding(replaced(token, "data:", "data:!")) == "[\"a\"] is a damaged token: its data is not base64");
  CHECK(finding(replaced(token, "iv:", "iv:=")) == "[\"a\"] is a damaged token: its iv is not base64");
  CHECK(finding(replaced(token, "tag:", "tag:AAAA")).ends_with("its tag has 19 bytes, not 16"));
  CHECK(finding(replaced(token, "type:str", "type:list")).ends_with("its type is not one that is written"));
  CHECK(finding(replaced(token, "type:str", "type:comment")) == "[\"a\"] holds the token of a comment");
  CHECK(finding(token + " " + secret) == "[\"a\"] has text behind its token");
}

TEST_CASE("metadata that is not complete is found [I13]") {
  const std::string sealed = sealed_yaml();
  const Format& yaml = format_by_id(FormatId::yaml);
  const auto without = [&](const std::string& field) {
    const std::size_t at = sealed.find("    " + field + ":");
    REQUIRE(at != std::string::npos);
    return sealed.substr(0, at) + sealed.substr(sealed.find('\n', at) + 1);
  };
  CHECK(only(check(yaml, without("mac"))).text == "the sops metadata has no mac");
  CHECK(only(check(yaml, without("version"))).text == "Version string empty");
  CHECK(only(check(yaml, without("lastmodified"))).text == "the sops metadata has no lastmodified");
  CHECK(only(check(yaml, replaced(sealed, "lastmodified: \"2026", "lastmodified: \"x")))
            .text.starts_with("parsing time"));
  CHECK(only(check(yaml, replaced(sealed, "mac: ENC[", "mac: ENC("))).text == "the mac is no token");
  CHECK(only(check(yaml, replaced(sealed, "recipient:", "recipent:"))).text == "an entry of age has no recipient");
  CHECK(only(check(yaml, replaced(sealed, "enc: |", "encc: |"))).text.ends_with("has no wrapped key"));
  const Seen damaged = only(check(yaml, replaced(sealed, "AAAA", "damaged")));
  CHECK(damaged.text == "the wrapped key of age1nobody is damaged");
  CHECK(damaged.line == line_of(sealed, "enc: |"));
  const auto broken = check(yaml, replaced(sealed, "unencrypted_suffix: _unencrypted", "encrypted_regex: (a"));
  REQUIRE(!broken.empty());
  CHECK(broken[0].text.starts_with("encrypted_regex is no valid pattern and selects nothing"));
  CHECK(only(check(yaml, replaced(sealed, "mac: ENC[", "mac: ENC("))).line == line_of(sealed, "    mac:"));
  const Seen second = only(check(yaml, sealed + "---\nx: null\n"));
  CHECK(second.text == "document 2 of the file has no sops metadata");
}

TEST_CASE("a selector that is not the rule's is a warning, what it leaves in clear a finding [I10]") {
  const Format& yaml = format_by_id(FormatId::yaml);
  const std::string sealed = sealed_yaml({SelectionKind::encrypted_regex, "^b$"});
  const SelectionRule rule{SelectionKind::encrypted_regex, "^(a|b)$"};
  CHECK(check(yaml, sealed).empty());
  const auto stated = check(yaml, sealed, RuleSelector{rule, true});
  REQUIRE(stated.size() == 2);
  CHECK((stated[0].warning &&
         stated[0].text == "its selector encrypted_regex ^b$ is not the creation rule's encrypted_regex ^(a|b)$"));
  CHECK((!stated[1].warning && stated[1].line == 2));
  CHECK(stated[1].text == "[\"a\"] is in clear, but the creation rule's encrypted_regex ^(a|b)$ selects it");
  const auto silent = check(yaml, sealed, RuleSelector{{}, false});
  REQUIRE(silent.size() == 1);
  CHECK(silent[0].warning);
  CHECK(check(yaml, sealed, RuleSelector{{SelectionKind::encrypted_regex, "^b$"}, true}).empty());
}

TEST_CASE("a token where nothing is opened, and a comment in clear, are warnings") {
  const Format& yaml = format_by_id(FormatId::yaml);
  const std::string sealed = sealed_yaml();
  const Seen token =
      only(check(yaml, replaced(sealed, "c_unencrypted: clear", "c_unencrypted: " + token_of(sealed, "\na:"))));
  CHECK((token.warning && token.line == 6));
  const Seen comment =
      only(check(yaml, replaced(sealed, "c_unencrypted", std::string("# ") + secret + "\nc_unencrypted")));
  CHECK((comment.warning && comment.line == 6));
}

TEST_CASE("a file full of findings names the first ones and counts the rest") {
  std::string plain = "l:\n";
  for (int i = 0; i < 1000; ++i) plain += "  - x\n";
  const Format& yaml = format_by_id(FormatId::yaml);
  std::string sealed = test::seal_with_fixed_key(yaml, plain, {}).text;
  sealed = plain + sealed.substr(sealed.find("sops:"));
  const auto findings = check(yaml, sealed);
  CHECK(findings.size() == 201);
  CHECK(findings.back().text == "and 800 more such places");
}
