// Whole documents with one thing wrong: an odd byte before sealing, a cut or a flipped bit after it. Everything is tried:
// each byte value, each length, each bit.
#include <catch2/catch.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/error.hpp"
#include "leafseal/format.hpp"
#include "seal/same_tree.hpp"
#include "support/fixed_key_sealing.hpp"

using namespace leafseal;
using namespace leafseal::test;

namespace {

struct Sample {
  const char* format;
  std::string plain;
};

// Every value is sealed and none is empty: a flip can change no value that only the MAC's order protects (security.md 2).
const std::vector<Sample>& samples() {
  static const std::vector<Sample> all = {
      {"yaml", "user: somebody\nn: 42\nlist:\n- one\n- two: 2.5\n  three: \"x\"\ntext: |\n  a\n  b\n"},
      {"json", "{\"user\": \"somebody\", \"n\": 42, \"list\": [\"one\", {\"two\": 2.5}], \"t\": true}\n"},
      {"dotenv", "USER=somebody\nN=42\n"},
      {"ini", "[s]\nuser = somebody\nn = 42\n[t]\nk = v\n"},
      {"binary", std::string("any\0thing\xff", 10)},
  };
  return all;
}

// Counts what became of the attempts; fails where a text opened to other values.
struct Outcomes {
  std::size_t refused = 0, same = 0;

  void open(const Format& format, const std::string& sealed, const std::string& plain) {
    std::string opened;
    try {
      opened = open_with_fixed_key(format, sealed);
    } catch (const Error& error) {
      ++refused;
      CHECK(std::string_view(error.what()).find("somebody") == std::string_view::npos);
      return;
    }
    ++same;
    if (opened == plain) return;
    // A cut inside the indentation of the metadata leaves blanks behind the text.
    while (opened.ends_with(' ')) opened.pop_back();
    INFO("opened: " << opened);
    // What stands behind the root of a sealed JSON file is read past, and comes back.
    const Document before = format.parse(plain, ParseMode::sealed), after = format.parse(opened, ParseMode::sealed);
    REQUIRE(before.roots.size() == after.roots.size());
    const auto value = [&](NodeId id) { return ScalarView{after[id].type, after[id].text}; };
    for (std::size_t i = 0; i < before.roots.size(); ++i) {
      CHECK(same_tree(before, before.roots[i], after, after.roots[i], value));
    }
  }
};

}  // namespace

TEST_CASE("a sealed document that was cut anywhere is refused or lost no value [P5]", "[hostile]") {
  for (const Sample& sample : samples()) {
    const Format& format = *format_by_name(sample.format);
    const std::string sealed = seal_with_fixed_key(format, sample.plain, {}).text;
    Outcomes outcomes;
    for (std::size_t size = 0; size < sealed.size(); ++size) {
      INFO(sample.format << " cut at " << size);
      outcomes.open(format, sealed.substr(0, size), sample.plain);
    }
    CHECK(outcomes.refused > sealed.size() * 9 / 10);
  }
}

TEST_CASE("a sealed document with one bit flipped is refused or has the same values [I14][P5]", "[hostile]") {
  for (const Sample& sample : samples()) {
    const Format& format = *format_by_name(sample.format);
    const std::string sealed = seal_with_fixed_key(format, sample.plain, {}).text;
    Outcomes outcomes;
    for (std::size_t at = 0; at < sealed.size(); ++at) {
      for (int bit = 0; bit < 8; ++bit) {
        std::string flipped = sealed;
        flipped[at] = static_cast<char>(flipped[at] ^ (1 << bit));
        INFO(sample.format << " byte " << at << " bit " << bit << ": " << flipped.substr(at < 20 ? 0 : at - 20, 40));
        outcomes.open(format, flipped, sample.plain);
      }
    }
    CHECK(outcomes.refused > outcomes.same);
  }
}

TEST_CASE("every byte in a key, a value and a comment comes back or is refused [P4][P5]", "[hostile]") {
  const std::vector<std::pair<const char*, std::vector<std::string>>> shapes = {
      {"yaml", {"k@x: v\n", "k: v@x\n", "k: 'v@x'\n", "k: \"v@x\"\n", "k: |\n  v@x\n", "k: >\n  v@x\n", "# c@x\nk: v\n", "k: [v@x, w]\n"}},
      {"json", {"{\"k@x\": \"v\"}\n", "{\"k\": \"v@x\"}\n", "{\"k\": 1@}\n", "{\"k\":@1}\n"}},
      {"dotenv", {"k@x=v\n", "k=v@x\n", "k=@\n", "#c@x\nk=v\n"}},
      {"ini", {"[s]\nk@x = v\n", "[s]\nk = v@x\n", "[s]\nk = \"v@x\"\n", "; c@x\n[s]\nk = v\n", "[s@x]\nk = v\n"}},
      {"binary", {"v@x", "@"}}};
  std::vector<std::string> inserted = {"\xe2\x80\xa8", "\xe2\x80\xa9", "\xc2\x85", "\xc2\xa0", "\xef\xbb\xbf", "\xef\xbf\xbf", "\xed\xa0\x80",
                                       "\xf0\x9f\x94\x92", "\xc0\xaf", "\xf4\x90\x80\x80", "\r\n", "\n\n", "\n#", "\n[", "\n=", "\\\n"};
  for (int byte = 0; byte < 256; ++byte) inserted.emplace_back(1, static_cast<char>(byte));
  std::size_t accepted = 0, refused = 0;
  for (const auto& [name, texts] : shapes) {
    const Format& format = *format_by_name(name);
    for (const std::string& shape : texts) {
      for (const std::string& piece : inserted) {
        std::string plain = shape;
        plain.replace(plain.find('@'), 1, piece);
        INFO(name << ": " << plain);
        std::string sealed;
        try {
          sealed = seal_with_fixed_key(format, plain, {}).text;
        } catch (const Error&) {
          ++refused;
          continue;
        }
        ++accepted;
        CHECK(open_with_fixed_key(format, sealed) == plain);
      }
    }
  }
  CHECK(accepted > 3500);
  CHECK(refused > 500);
}

TEST_CASE("a sealed file that lost its last line break keeps the one of a block scalar [P4]", "[hostile]") {
  const Format& format = *format_by_name("yaml");
  const auto without_last_break = [&](const std::string& plain) {
    std::string sealed = seal_with_fixed_key(format, plain, {}).text;
    REQUIRE(sealed.ends_with('\n'));
    sealed.pop_back();
    return open_with_fixed_key(format, sealed);
  };
  CHECK(without_last_break("k: |\n  a\n") == "k: |\n  a\n");
  CHECK(without_last_break("k: |+\n  a\n\n") == "k: |+\n  a\n\n");
  CHECK(without_last_break("k: >\n  a\n  b\n") == "k: >\n  a\n  b\n");
  CHECK(without_last_break("k: |-\n  a\n") == "k: |-\n  a");
  CHECK(without_last_break("k: \"a\\n\"\n") == "k: \"a\\n\"");
  CHECK(without_last_break("k: |\n  a\n# c\n") == "k: |\n  a\n# c");
  CHECK(without_last_break("k: |\n  a\nl: 1\n") == "k: |\n  a\nl: 1");
}
