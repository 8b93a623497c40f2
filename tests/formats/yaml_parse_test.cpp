// What parse_yaml() promises beyond rows: spans, views, metadata, lost comments, refusals.
#include "formats/yaml_parse.hpp"

#include <catch2/catch.hpp>

#include "support/dice.hpp"
#include "support/golden.hpp"

namespace leafseal::test {
namespace {

Document sealed(const std::string& text) { return parse_yaml(text, ParseMode::sealed); }

std::string refusal(const std::string& text, ParseMode mode) {
  try {
    parse_yaml(text, mode);
  } catch (const Error& error) {
    return std::to_string(static_cast<int>(error.code())) + " " + error.what();
  }
  return "accepted";
}

std::string repeat(std::string_view piece, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += piece;
  return out;
}

}  // namespace

TEST_CASE("yaml: a scalar's value and its span in the source") {
  const struct {
    const char* text;  // the document; the value of k is asked for
    const char* value;
    const char* span;
  } cases[] = {
      {"k: v  # c\n", "v", "v"},
      {"k: a\n   b\n", "a b", "a\n   b"},
      {"k: \"a\\n\\x41\\u00e9\"\n", "a\nA\xc3\xa9", "\"a\\n\\x41\\u00e9\""},
      {"k: \"a  \\  \n  b\"\n", "a    b", "\"a  \\  \n  b\""},
      {"k: \"a \\\n   b\"\n", "a b", "\"a \\\n   b\""},
      {"k: 'it''s'\n", "it's", "'it''s'"},
      {"k: |\n  a\n  b\nl: 1\n", "a\nb\n", "|\n  a\n  b"},
      {"k: |  # c\n  a\n\n\nl: 1\n", "a\n", "|  # c\n  a"},
      {"k: |+\n\n\n", "\n\n", "|+"},
      {"k: |+\n  a\n\n\n", "a\n\n\n", "|+\n  a"},
      {"k: |\n# c\nl: 1\n", "", "|"},
      {"k: |2\n    a\n  b\n", "  a\nb\n", "|2\n    a\n  b"},
      {"k: |\n  a\n     \n  b\n", "a\n   \nb\n", "|\n  a\n     \n  b"},
      {"k: |\r\n  a\r\n  b\r\n", "a\nb\n", "|\r\n  a\r\n  b"},
      {"k: |\n  a\xe2\x80\xa8  b\n", "a\xe2\x80\xa8" "b\n", "|\n  a\xe2\x80\xa8  b"},
      {"k: >\n  a\n  b\n\n  c\n   d\n", "a b\nc\n d\n", ">\n  a\n  b\n\n  c\n   d"},
      {"k: >-\n  a", "a", ">-\n  a"},
      {"k: !!int &x 5\n", "5", "5"},
      {"k: &x !!int\n  5\n", "5", "5"},
      {"k:\n", "", ""},
      {"? k\n", "", ""},
      {"{l: 1, k: [], }", "", "[]"},
      {"k: [a, {b: c}] # d\n", "", "[a, {b: c}]"},
      {"k:\n- a\n-  b  # c\n# d\n", "", "- a\n-  b"},
      {"k:\n  l: |\n    t\n\n  m:\n# c\n", "", "l: |\n    t\n\n  m:"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const Document document = sealed(c.text);
    const NodeId id = document.find(document.roots[0], "k");
    REQUIRE(id != no_node);
    CHECK(document[id].text == c.value);
    CHECK(document.text(document[id].span) == c.span);
  }
}

TEST_CASE("yaml: keys, dashes, tags and beginnings have spans") {
  const Document document = sealed("\"a\\x62\": !!str &x v\nl:\n  - w\n  -   # c\n    m: {p: q}\n");
  const Node& value = document[document.find(document.roots[0], "ab")];
  CHECK(document.text(value.key_span) == "\"a\\x62\"");
  CHECK(document.text(value.tag) == "!!str");
  CHECK(document.source().substr(value.begin, 6) == "!!str ");
  const NodeId list = document.find(document.roots[0], "l");
  CHECK(document.text(document[document.item(list, 0)].key_span) == "-");
  const NodeId map = document.item(list, 1);
  CHECK(document[map].key_span.begin == document.source().find("-   #"));
  CHECK(document.text(document[map].span) == "m: {p: q}");
  const NodeId flow = document.find(map, "m");
  CHECK(document[flow].style == Style::flow);
  CHECK_FALSE(document[flow].in_flow);
  CHECK(document[document.find(flow, "p")].in_flow);
}

TEST_CASE("yaml: values are views into the source wherever it holds them") {
  const Document document = sealed("a: plain\nb: 'single'\nc: \"double\"\nd: |\n  one line\ne: 12\n");
  const std::string& source = document.source();
  for (NodeId at = document[document.roots[0]].first_child; at != no_node; at = document[at].next) {
    CAPTURE(document[at].key);
    CHECK((document[at].text.data() >= source.data() && document[at].text.data() < source.data() + source.size()));
  }
}

TEST_CASE("yaml: the metadata entry stands apart, and comments inside it are nobody's") {
  const Document document = sealed("a: 1\n# before\nsops: # behind\n  mac: x # in\n  # in\n  l: [ # in\n    ]\n# after\n");
  const NodeId root = document.roots[0];
  REQUIRE(document.metadata[0] != no_node);
  CHECK(document.find(root, "sops") == no_node);
  CHECK(document[document.find(document.metadata[0], "mac")].text == "x");
  std::string comments;
  for (NodeId at = document[root].first_child; at != no_node; at = document[at].next) {
    if (document[at].kind == NodeKind::comment) comments += document[at].text;
  }
  CHECK(comments == " before behind after");
  CHECK(sealed("a: 1\n---\nsops: 2\n").metadata[1] != no_node);
  CHECK(sealed("a:\n  sops: 1\n").metadata[0] == no_node);
}

TEST_CASE("yaml: comments without owner are children of their document's root, marked lost") {
  const struct {
    const char* text;
    std::size_t document;
    const char* comment;
  } cases[] = {
      {"a: [ # c\n  1]\n", 0, " c"},
      {"a: { # c\n  b: 1}\n", 0, " c"},
      {"a: 1\n... # c\n", 0, " c"},
      {"a: 1\n---\nb: 2\n... # c\n# d\n", 1, " c"},
      {"%YAML 1.1 # c\n---\na: 1\n", 0, " c"},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    const Document document = sealed(c.text);
    NodeId at = document[document.roots[c.document]].first_child;
    while (at != no_node && !document[at].lost) at = document[at].next;
    REQUIRE(at != no_node);
    CHECK(document[at].text == c.comment);
    CHECK(document.source()[document[at].span.begin] == '#');
  }
}

TEST_CASE("yaml: a comment as a list item is a comment in a sealed file only") {
  const std::string text = "l:\n  - \"ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:comment]\"\n  - v\n";
  const Document document = sealed(text);
  const NodeId list = document.find(document.roots[0], "l");
  const Node& comment = document[document[list].first_child];
  CHECK(comment.kind == NodeKind::comment);
  CHECK(comment.list_item_comment);
  CHECK(document[document.item(list, 1)].text == "v");
  const Document plain = parse_yaml(text, ParseMode::plain);
  CHECK(plain[plain[plain.find(plain.roots[0], "l")].first_child].kind == NodeKind::scalar);
}

TEST_CASE("yaml: aliases name what they stand for, also a key and also in a later document") {
  const Document document = sealed("&k key: &x [1]\nb: *x\nc: *k\n---\nd: *x\n");
  CHECK(document.has_aliases);
  const NodeId b = document.find(document.roots[0], "b");
  CHECK(document[b].kind == NodeKind::alias);
  CHECK(document[b].first_child == document.find(document.roots[0], "key"));
  CHECK(document[document[document.find(document.roots[0], "c")].first_child].text == "key");
  CHECK(document[document.find(document.roots[1], "d")].first_child == document[b].first_child);
}

TEST_CASE("yaml: encodings, and texts with nothing in them") {
  CHECK(sealed("\xef\xbb\xbf" "a: 1\n").bom);
  const Document wide = sealed(std::string("\xff\xfe" "a\0:\0 \0\xe9\0\n\0", 12));
  CHECK(wide.source() == "a: \xc3\xa9\n");
  for (const char* text : {"# c\n", "---\n", "--- # c\n...\n"}) {
    CAPTURE(text);
    const Document document = parse_yaml(text, ParseMode::plain);
    REQUIRE(document.roots.size() == 1);
    CHECK(document[document.roots[0]].kind == NodeKind::map);
  }
  CHECK(sealed("# c\n")[sealed("# c\n").roots[0]].first_child != no_node);
}

TEST_CASE("yaml: refusals carry the reference's phrases and codes") {
  const struct {
    const char* text;
    const char* plain;
    const char* sealed;
  } cases[] = {
      {"", "92 File cannot be completely empty, it must contain at least one document", "accepted"},
      {"\n", "2 EOF", "accepted"},
      {"\xef\xbb\xbf  \n", "2 EOF", "accepted"},
      {"a: 1\na: 2\n", "2 yaml: unmarshal errors:\n  line 2: mapping key \"a\" already defined at line 1", nullptr},
      {"x: {b: 1, b: 2}\n", "2 yaml: unmarshal errors:\n  line 1: mapping key \"b\" already defined at line 1", nullptr},
      {"a: 1\n---\nb: 1\n\"b\": 2\n",
       "2 Error unmarshaling input YAML: yaml: unmarshal errors:\n  line 4: mapping key \"b\" already defined at line 3",
       "accepted"},
      {"1: a\n", "23 Error encrypting tree: Error walking tree: Tree contains a non-string key (type int): 1", "accepted"},
      {"a: 18446744073709551615\n",
       "23 Error encrypting tree: Error walking tree: Cannot walk value, unknown type: uint64", "accepted"},
      {"- a\n", "2 yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into map[string]interface {}", nullptr},
      {"foo\n", "2 yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str into map[string]interface {}", nullptr},
      {"a: 1\n---\n- b\n", "2 Error unmarshaling input YAML: YAML documents that are sequences are not supported", nullptr},
      {"a: 1\n---\nfoo\n", "2 Error unmarshaling input YAML: YAML documents that are values are not supported", nullptr},
      {"~\n", "2 yaml: the document is null, and has no place for metadata", "accepted"},
      {"a: 1\n--- ~\n", "accepted", nullptr},
      {"--- &x\n", "2 yaml: the document is null, and has no place for metadata", "accepted"},
      {"a: *x\n", "2 yaml: unknown anchor 'x' referenced", nullptr},
      {"a: &x [*x]\n", "2 yaml: anchor 'x' value contains itself", nullptr},
      {"a: 1\n---\na: &x {b: *x}\n", "2 Error unmarshaling input YAML: yaml: anchor 'x' value contains itself", nullptr},
      {"a: &x v\n*x : 1\n", "2 yaml: an alias cannot be a key in a file to encrypt", "accepted"},
      {"a: {<<: 1}\n", "2 yaml: map merge requires map or sequence of maps as the value", nullptr},
      {"{a: 1}: b\n", "2 yaml: invalid map key", nullptr},
      {"a: !!int foo\n", "2 yaml: cannot decode the value as a !!int", nullptr},
      {"%YAML 1.2\n---\na: 1\n", "2 yaml: found incompatible YAML document", nullptr},
      {"%FOO\n---\na: 1\n", "2 yaml: found unknown directive name", nullptr},
      {"a: \"\\/\"\n", "2 yaml: found unknown escape character", nullptr},
      {"a: !e!x 1\n", "2 yaml: found undefined tag handle", nullptr},
      {"a: [1\n", "2 yaml: line 1: did not find expected ',' or ']'", nullptr},
      {"a: b: c\n", "2 yaml: mapping values are not allowed in this context", nullptr},
      {"\ta: 1\n", "2 yaml: found character that cannot start any token", nullptr},
      {"a: 1\nb\nc: 2\n", "2 yaml: line 2: could not find expected ':'", nullptr},
      {"a: \x01\n", "2 yaml: control characters are not allowed", nullptr},
      {"a: \xc3\x28\n", "2 yaml: invalid trailing UTF-8 octet", nullptr},
      {"a: \xff\n", "2 yaml: invalid leading UTF-8 octet", nullptr},
  };
  for (const auto& c : cases) {
    CAPTURE(c.text);
    CHECK(refusal(c.text, ParseMode::plain) == c.plain);
    CHECK(refusal(c.text, ParseMode::sealed) == (c.sealed == nullptr ? c.plain : c.sealed));
  }
}

TEST_CASE("yaml: a refusal points at its place [L1]") {
  try {
    sealed("a: 1\nb: \xc3\xa9 [\nc: \"x\\q\"\n");
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.place().line == 3);
    CHECK(error.place().column == 6);
  }
}

TEST_CASE("yaml: nesting is limited, and never recursion [P1][P2]") {
  for (const ParseMode mode : {ParseMode::plain, ParseMode::sealed}) {
    CHECK(refusal("a: " + repeat("[", 9'999) + repeat("]", 9'999), mode) == "accepted");
    CHECK(refusal("a: " + repeat("[", 10'001) + repeat("]", 10'001), mode) == "2 yaml: exceeded max depth of 10000");
    CHECK(refusal("a: " + repeat("{a: ", 10'001), mode) == "2 yaml: exceeded max depth of 10000");
  }
  std::string stairs;
  for (std::size_t i = 0; i < 10'001; ++i) stairs += std::string(i, ' ') + "a:\n";
  CHECK(refusal(stairs, ParseMode::plain).find("exceeded max depth of 10000") != std::string::npos);
  CHECK(refusal("- " + repeat("- ", 10'001), ParseMode::plain).starts_with("2 "));
}

TEST_CASE("yaml: what aliases expand to is limited [P1]") {
  const auto bomb = [](int levels) {
    std::string text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < levels; ++i) {
      const std::string below = "*a" + std::to_string(i - 1);
      text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + below + repeat(", " + below, 8) + "]\n";
    }
    return refusal(text, ParseMode::sealed);
  };
  CHECK(bomb(3) == "accepted");
  CHECK(bomb(4) == "2 yaml: document contains excessive aliasing");
  CHECK(bomb(60) == "2 yaml: document contains excessive aliasing");

  // Few nodes may stand for much text.
  const auto copies = [](const std::string& anchored, std::size_t count) {
    return refusal("a: &a " + anchored + "\nb: [*a" + repeat(", *a", count - 1) + "]\n", ParseMode::plain);
  };
  const std::string mebibyte(1 << 20, 'x');
  CHECK(copies(mebibyte, 32) == "accepted");
  CHECK(copies(mebibyte, 33) == "2 the aliases of this document stand for too much text");
  CHECK(copies("[" + mebibyte + "]", 31) == "accepted");
  CHECK(copies("[" + mebibyte + "]", 33) == "2 the aliases of this document stand for too much text");
  const std::string nested = "x: &x " + mebibyte + "\ny: &y [*x, *x, *x, *x, *x, *x, *x, *x]\n";
  CHECK(refusal(nested + "z: [*y, *y]\n", ParseMode::plain) == "accepted");
  CHECK(refusal(nested + "z: [*y, *y, *y, *y]\n", ParseMode::plain) ==
        "2 the aliases of this document stand for too much text");
}

TEST_CASE("yaml: damaged files are read or refused, never worse [P5]") {
  Dice dice(7);
  std::size_t refused = 0;
  for (const auto& folder : testing::golden_cases("yaml-")) {
    for (const char* name : {"plain.yaml", "encrypted.yaml"}) {
      if (!std::filesystem::exists(folder / name)) continue;
      const std::string text = testing::read_text(folder / name);
      if (text.size() > 20'000) continue;
      for (int round = 0; round < 40; ++round) {
        std::string damaged = round % 2 == 0 ? text : text.substr(0, dice.below(text.size() + 1));
        for (std::size_t i = 0; i < 3 && !damaged.empty(); ++i) {
          damaged[dice.below(damaged.size())] = static_cast<char>(dice.below(round % 4 < 2 ? 256 : 128));
        }
        refused += refusal(damaged, round % 3 == 0 ? ParseMode::plain : ParseMode::sealed) != "accepted" ? 1 : 0;
      }
    }
  }
  CHECK(refused > 1000);
}

}  // namespace leafseal::test
