// Sealing a newer version of a document: what keeps its token and what does not.
#include <catch2/catch.hpp>
#include <string>

#include "leafseal/error.hpp"
#include "leafseal/format.hpp"
#include "leafseal/sealed_document.hpp"

using namespace leafseal;

namespace {

struct Versions {
  std::string first, second;
  std::string opened;  // the second, opened again
};

Versions sealed_twice(const Format& format, const std::string& before, const std::string& after) {
  Metadata metadata;
  metadata.keys.groups = {{{{RecipientKind::age, {{"recipient", "age1nobody"}}, {}, "wrapped\n"}}}};
  metadata.version = format_level;
  LeafCipher cipher(SecretBytes(32));
  SealOptions options;
  options.now = "2026-01-02T03:04:05Z";
  const auto open = [&](const std::string& text) {
    Document sealed = format.parse(text, ParseMode::sealed);
    const Metadata read = read_metadata(sealed);
    return open_document(std::move(sealed), read, cipher, {});
  };
  Versions versions;
  versions.first = seal_document(format, format.parse(before, ParseMode::plain), metadata, cipher, options).text;
  const OpenedDocument previous = open(versions.first);
  options.previous = &previous;
  options.now = "2026-01-02T03:04:06Z";
  versions.second = seal_document(format, format.parse(after, ParseMode::plain), previous.metadata, cipher, options).text;
  versions.opened = plain_text(format, open(versions.second), cipher, nullptr);
  return versions;
}

std::string token_behind(const std::string& text, const std::string& key) {
  const std::size_t begin = text.find("ENC[", text.find(key));
  return text.substr(begin, text.find(']', begin) - begin);
}

}  // namespace

TEST_CASE("a value that only changed its type is sealed anew, with the new type", "[seal]") {
  const struct {
    const char *format, *before, *after;
  } rows[] = {{"yaml", "first: \"1\"\nsecond: true\nthird: kept\n", "first: 1\nsecond: \"true\"\nthird: kept\n"},
              {"yaml", "first: 1\nsecond: \"2.5\"\nthird: kept\n", "first: \"1\"\nsecond: 2.5\nthird: kept\n"},
              {"json", "{\"first\": \"1\", \"second\": true, \"third\": \"kept\"}\n", "{\"first\": 1, \"second\": \"True\", \"third\": \"kept\"}\n"}};
  for (const auto& row : rows) {
    INFO(row.before);
    const Versions versions = sealed_twice(*format_by_name(row.format), row.before, row.after);
    CHECK(versions.opened == row.after);
    CHECK(token_behind(versions.first, "third") == token_behind(versions.second, "third"));
    for (const char* key : {"first", "second"}) CHECK(token_behind(versions.first, key) != token_behind(versions.second, key));
  }
}
