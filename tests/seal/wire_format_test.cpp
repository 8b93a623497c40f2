// The worked example of doc/wire-format.md: its source sealed gives its layout records.
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "leafseal/sealed_document.hpp"
#include "seal/layout_records.hpp"

using namespace leafseal;

namespace {

// The fenced block behind `<!-- NAME -->`.
std::string example(const std::string& name) {
  std::ifstream file(TESTDATA "/../doc/wire-format.md", std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  const std::string mark = "<!-- " + name + " -->\n```\n";
  const std::size_t begin = text.str().find(mark);
  REQUIRE(begin != std::string::npos);
  const std::size_t from = begin + mark.size();
  return text.str().substr(from, text.str().find("```\n", from) - from);
}

Metadata metadata() {
  RecipientEntry nobody;
  nobody.fields = {{"recipient", "age1nobody"}};
  nobody.enc = "AAAA\n";
  Metadata metadata;
  metadata.keys.groups = {{{nobody}}};
  metadata.version = std::string(format_level);
  return metadata;
}

}  // namespace

TEST_CASE("layout records are as documented", "[layout]") {
  const Format& yaml = *format_by_name("yaml");
  LeafCipher cipher(SecretBytes(32));
  const auto silent = [](const std::string&) {};
  SealOptions options;
  options.now = "2026-01-02T03:04:05Z";
  options.warn = silent;
  const std::string source = example("source");
  Document sealed = yaml.parse(
      seal_document(yaml, yaml.parse(source, ParseMode::plain), metadata(), cipher, options).text, ParseMode::sealed);
  const Metadata read = read_metadata(sealed);
  const OpenedDocument opened = open_document(std::move(sealed), read, cipher, {false, silent});

  const std::string records = encode_layout(read_layout(opened, cipher, silent));
  CHECK(records + "\n" == example("records"));
  CHECK(plain_text(yaml, opened, cipher, silent) == source);
}

TEST_CASE("layout records name duplicate keys and bytes as documented", "[layout]") {
  const std::string text =
      R"({"v":1,"nodes":[[0,[["a",1]],"value","1.0"],[0,[{"base64":"/w=="}],"value",{"base64":"/g=="}]]})";
  const LayoutRecords records = decode_layout(text, nullptr);
  REQUIRE(records.size() == 2);
  CHECK(records[1].text == "\xfe");
  CHECK(encode_layout(records) == text);
}
