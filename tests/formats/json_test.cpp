#include <catch2/catch.hpp>

#include <random>

#include <nlohmann/json.hpp>

#include "formats/json_format.hpp"
#include "leafseal/path.hpp"
#include "support/golden.hpp"
#include "support/seal_cycle.hpp"

using namespace leafseal;
using namespace leafseal::testing;

namespace {

// Collects scalars as nlohmann reads them, in order and with duplicates, as our leaves.
struct Oracle : nlohmann::json_sax<nlohmann::json> {
  struct Level {
    bool list;
    std::string key;
  };
  std::vector<Level> levels;
  std::string next_key;
  std::vector<Leaf> leaves;

  std::string path() const {
    std::string out;
    for (const Level& level : levels) {
      if (!level.list) out += level.key + ":";
    }
    return out;
  }
  bool add(Value value) {
    leaves.push_back({no_node, path(), false, value.type, value.text});
    return true;
  }
  bool null() override { return add(Value::null()); }
  bool boolean(bool b) override { return add(Value::boolean(b)); }
  bool number_integer(std::int64_t i) override { return add(Value::integer(i)); }
  bool number_unsigned(std::uint64_t u) override {
    return add(u <= INT64_MAX ? Value::integer(static_cast<std::int64_t>(u)) : Value::floating(static_cast<double>(u)));
  }
  bool number_float(double d, const std::string&) override { return add(Value::floating(d)); }
  bool string(std::string& s) override { return add(Value::string(s)); }
  bool binary(nlohmann::json::binary_t&) override { return false; }
  bool start_object(std::size_t) override {
    levels.push_back({false, ""});
    return true;
  }
  bool key(std::string& k) override {
    levels.back().key = k;
    return true;
  }
  bool end_object() override {
    levels.pop_back();
    return true;
  }
  bool start_array(std::size_t) override {
    levels.push_back({true, ""});
    return true;
  }
  bool end_array() override { return end_object(); }
  bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override { return false; }
};

class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string document() {
    blank_ = pick({"", " ", "\n", "\r\n", "\n\t", "\n  "});
    std::string out = space() + object(0) + space();
    return out;
  }

 private:
  unsigned below(unsigned n) { return static_cast<unsigned>(random_() % n); }
  std::string pick(std::vector<std::string> from) { return from[below(static_cast<unsigned>(from.size()))]; }
  std::string space() { return below(8) == 0 ? pick({"", " ", "\t", "\n", "\r\n", "\n\n"}) : blank_; }

  std::string string() {
    std::string out = "\"";
    for (unsigned n = below(5); n > 0; --n) {
      out += pick({"a",
                   "key",
                   "é",
                   "\xf0\x9f\x94\x90",
                   "\\n",
                   "\\u0041",
                   "\\u00e9",
                   "\\ud83d\\ude00",
                   "\\/",
                   "\\\\",
                   "\\\"",
                   "<b>&",
                   "\xe2\x80\xa8",
                   "\\u001f",
                   "\x7f",
                   "ENC[",
                   "/",
                   " ",
                   "{",
                   ","});
    }
    return out + "\"";
  }
  std::string scalar() {
    return below(2) == 0 ? string()
                         : pick({"0", "-0", "1", "-17", "9223372036854775807", "-9223372036854775808",
                                 "9223372036854775808", "1.0", "1.50", "1e3", "1E-7", "1e21", "-0.0", "0.1", "true",
                                 "false", "null", "12345678901234567890123", "5e-324"});
  }
  std::string value(unsigned depth) {
    const unsigned kind = below(depth > 4 ? 2 : 5);
    return kind == 3 ? object(depth + 1) : kind == 4 ? list(depth + 1) : scalar();
  }
  std::string object(unsigned depth) {
    std::string out = "{" + space();
    for (unsigned i = 0, n = below(5); i < n; ++i) {
      if (i > 0) out += "," + space();
      out += string() + pick({"", " "}) + ":" + pick({"", " "}) + value(depth) + space();
    }
    return out + "}";
  }
  std::string list(unsigned depth) {
    std::string out = "[" + space();
    for (unsigned i = 0, n = below(4); i < n; ++i) out += (i > 0 ? "," + space() : "") + value(depth) + space();
    return out + "]";
  }

  std::mt19937 random_;
  std::string blank_;
};

Document parsed(const std::string& text) { return json_format().parse(text, ParseMode::plain); }

}  // namespace

TEST_CASE("JSON is read as an independent parser reads it, and every layout comes back", "[json][L1]") {
  const unsigned first = 1;
  for (unsigned seed = first; seed < first + 3000; ++seed) {
    const std::string text = Generator(seed).document();
    CAPTURE(seed, text);
    Oracle oracle;
    REQUIRE(nlohmann::json::sax_parse(text, &oracle));
    const Document document = parsed(text);
    REQUIRE(leaves_of(document) == oracle.leaves);
    REQUIRE(there_and_back(json_format(), text) == text);
    std::mt19937 random(seed);
    REQUIRE(there_and_back(json_format(), text, [&](const Leaf&) { return random() % 2 == 0; }) == text);
    Oracle sealed;
    REQUIRE(nlohmann::json::sax_parse(seal_all(json_format(), text, [](const Leaf&) { return true; }).text, &sealed));
  }
}

TEST_CASE("JSON: what the reference printed is printed again", "[json][golden]") {
  for (const std::string prefix : {"json-", "opt-indent-json-2"}) {
    for (const auto& folder : golden_cases(prefix)) {
      CAPTURE(folder.filename().string());
      EmitOptions options;
      if (prefix != "json-") options.indent = 2;
      const std::string plain = read_text(folder / "plain.json");
      CHECK(json_format().emit(parsed(plain), options) == read_text(folder / "decrypted.json"));
      const std::string sealed = read_text(folder / "encrypted.json");
      const Document document = json_format().parse(sealed, ParseMode::sealed);
      CHECK(json_format().emit(document, options) == sealed);
      CHECK(leaves_of(document).size() == leaves_of(parsed(plain)).size());
      CHECK(there_and_back(json_format(), plain) == plain);
    }
  }
}

TEST_CASE("a metadata block is written as the reference lays it out", "[json]") {
  const auto folder = golden_cases("json-basic").at(0);
  const std::string sealed = read_text(folder / "encrypted.json");
  const Document document = json_format().parse(sealed, ParseMode::sealed);
  Edits edits;
  json_format().write_metadata(document, document, document.metadata[0], edits);
  CHECK(edits.empty());
  json_format().remove_metadata(document, edits);
  const std::string bare = apply_edits(sealed, edits);
  edits.clear();
  json_format().write_metadata(parsed(bare), document, document.metadata[0], edits);
  CHECK(apply_edits(bare, edits) == sealed);
}

TEST_CASE("an existing block changes only where it must", "[json]") {
  const std::string before =
      "{\"a\": 1,\n  \"sops\": {\n    \"age\": [{\"enc\": \"x\", \"recipient\": \"r\"}],\n"
      "    \"mac\": \"old\",\n    \"version\": \"3.9.0\"\n  }\n}";
  const Document document = json_format().parse(before, ParseMode::sealed);
  const Document wanted = parsed(R"({"age": [{"enc": "x", "recipient": "r"}, {"enc": "y", "recipient": "s"}],
                                     "lastmodified": "now", "mac": "new"})");
  Edits edits;
  json_format().write_metadata(document, wanted, wanted.roots[0], edits);
  CHECK(apply_edits(before, edits) ==
        "{\"a\": 1,\n  \"sops\": {\n    \"age\": [{\"enc\": \"x\", \"recipient\": \"r\"}, {\"enc\": \"y\", "
        "\"recipient\": \"s\"}],\n"
        "    \"lastmodified\": \"now\",\n    \"mac\": \"new\"\n  }\n}");
}

TEST_CASE("JSON: set and unset look like their surroundings", "[json]") {
  struct Row {
    std::string before, path, key, value, after;  // an empty value: remove
  };
  const std::vector<Row> rows = {
      {R"({"a":1})", "", "b", "2", R"({"a":1,"b":2})"},
      {R"({"a": 1})", "", "b", R"([1,{"x":2}])", R"({"a": 1, "b": [1, {"x": 2}]})"},
      {"{}", "", "b", "2", "{\n\t\"b\": 2\n}"},
      {"{\n  \"a\": {}\n}\n", "[\"a\"]", "b", "{\"c\":[]}",
       "{\n  \"a\": {\n    \"b\": {\n      \"c\": []\n    }\n  }\n}\n"},
      {"{\r\n\t\"a\": [\r\n\t\t1\r\n\t]\r\n}", "[\"a\"]", "", "\"x\"",
       "{\r\n\t\"a\": [\r\n\t\t1,\r\n\t\t\"x\"\r\n\t]\r\n}"},
      {"{\"a\":1,\"sops\":{}}", "", "b", "2", "{\"a\":1,\"b\":2,\"sops\":{}}"},
      {"{\n\t\"sops\": {}\n}", "", "b", "2", "{\n\t\"b\": 2,\n\t\"sops\": {}\n}"},
      {R"({"a": 1, "b": 2, "c": 3})", "[\"a\"]", "", "", R"({"b": 2, "c": 3})"},
      {R"({"a": 1, "b": 2, "c": 3})", "[\"b\"]", "", "", R"({"a": 1, "c": 3})"},
      {R"({"a": 1, "b": 2, "c": 3})", "[\"c\"]", "", "", R"({"a": 1, "b": 2})"},
      {"{\"l\": [ 1 ]}", "[\"l\"][0]", "", "", "{\"l\": []}"},
      {"{\n  \"a\": 1,\n  \"sops\": {}\n}", "[\"a\"]", "", "", "{\n  \"sops\": {}\n}"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.before, row.path, row.key);
    const Document document = json_format().parse(row.before, ParseMode::sealed);
    const NodeId node = resolve(document, document.roots[0], parse_path(row.path, ExitCode::generic));
    Edits edits;
    if (row.value.empty()) {
      json_format().remove(document, node, edits);
    } else {
      const Document value = parsed("{\"v\":" + row.value + "}");
      json_format().insert(document, node, row.key, value, value[value.roots[0]].first_child, edits);
    }
    CHECK(apply_edits(row.before, edits) == row.after);
  }
}

TEST_CASE("JSON: replaced values", "[json]") {
  const std::string before = "{\n  \"a\": 1,\n  \"b\": [2]\n}";
  const Document document = parsed(before);
  const Document value = parsed(R"({"v": {"x": 1.0, "y": "<"}})");
  Edits edits;
  json_format().replace(document, document.find(document.roots[0], "b"), value, value[value.roots[0]].first_child,
                        edits);
  CHECK(apply_edits(before, edits) == "{\n  \"a\": 1,\n  \"b\": {\n    \"x\": 1.0,\n    \"y\": \"<\"\n  }\n}");
}

TEST_CASE("a record is used only where it stands for the value", "[json]") {
  const std::string text = R"({"a": "ENC[...]"})";
  const Document document = json_format().parse(text, ParseMode::sealed);
  const NodeId node = document[document.roots[0]].first_child;
  const auto opened = [&](const Value& value, std::optional<std::string> record) {
    Edits edits;
    json_format().open(document, node, value, {std::move(record), {}}, edits);
    return apply_edits(text, edits);
  };
  CHECK(opened(Value::floating(1000), "1e3") == R"({"a": 1e3})");
  CHECK(opened(Value::floating(1000), "1e4") == R"({"a": 1000.0})");
  CHECK(opened(Value::integer(1000), "1e3") == R"({"a": 1000})");
  CHECK(opened(Value::string("é"), R"("\u00e9")") == R"({"a": "\u00e9"})");
  CHECK(opened(Value::string("é"), R"("x", "b": 1)") == R"({"a": "é"})");
  CHECK(opened(Value::string("<\t\x01\x7f/"), std::nullopt) == "{\"a\": \"<\\t\\u0001\x7f/\"}");
  CHECK(opened(Value::boolean(true), std::nullopt) == R"({"a": true})");
}

TEST_CASE("broken JSON is refused with place and reason", "[json][P4][P5]") {
  struct Row {
    std::string text, reason;
    std::size_t line, column;
  };
  const std::vector<Row> rows = {
      {"", "EOF", 1, 1},
      {"[1]", "SOPS only supports JSON files with a top-level object (starting with '{'), not arrays", 1, 1},
      {"3", "not other JSON types", 1, 1},
      {"{\"a\":1}\n x", "invalid character 'x' after top-level value", 2, 2},
      {"{\"a\":1,}", "invalid character '}' looking for beginning of object key string", 1, 8},
      {"{\"a\" 1}", "invalid character '1' after object key", 1, 6},
      {"{\"a\":[1 2]}", "invalid character '2' after array element", 1, 9},
      {"{\"a\":1", "unexpected EOF", 1, 7},
      {"{\"a\":", "unexpected EOF", 1, 6},
      {"{\"a\":nul}", "invalid character 'n' looking for beginning of value", 1, 6},
      {"{\"a\":01}", "invalid character '1' after object key:value pair", 1, 7},
      {"{\"a\":1e400}", "out of range", 1, 6},
      {"{\"a\":-}", "in numeric literal", 1, 7},
      {"{\"a\":\"\n\"}", "invalid character '\\x0a' in string literal", 1, 7},
      {"{\"a\":\"\\q\"}", "in string escape code", 1, 8},
      {"{\"a\":\"\\ud800\"}", "half of a surrogate pair", 1, 7},
      {"{\"a\":\"\\ud800\\u0041\"}", "half of a surrogate pair", 1, 7},
      {"{\"a\":\"\\udc00\"}", "half of a surrogate pair", 1, 7},
      {"{\"a\":\"\xff\"}", "invalid UTF-8", 1, 7},
      {"\xef\xbb\xbf{}", "looking for beginning of value", 1, 1},
  };
  for (const Row& row : rows) {
    CAPTURE(row.text);
    try {
      parsed(row.text);
      FAIL("accepted");
    } catch (const Error& error) {
      CHECK(error.code() == ExitCode::could_not_read_input);
      CHECK_THAT(error.what(), Catch::Contains(row.reason));
      CHECK(error.place().line == row.line);
      CHECK(error.place().column == row.column);
    }
  }
}

TEST_CASE("text behind the root is read past in sealed files only", "[json]") {
  CHECK(leaves_of(json_format().parse("{\"a\":1}{\"b\":2}", ParseMode::sealed)).size() == 1);
  CHECK(leaves_of(json_format().parse("{\"a\":1} trailing", ParseMode::sealed)).size() == 1);
}

TEST_CASE("metadata is no member of the root", "[json]") {
  const Document document = parsed(R"({"sops": 1, "a": {"sops": 2}, "sops": {}})");
  REQUIRE(document.metadata[0] != no_node);
  CHECK(document[document.metadata[0]].text == "1");
  CHECK(document.extra_metadata.size() == 1);
  CHECK(leaves_of(document).size() == 1);
}

TEST_CASE("JSON may be nested 10,000 deep and no deeper", "[json][P1][P2]") {
  const auto nested = [](std::size_t depth) {
    std::string text = "{\"a\":";
    text.append(depth - 1, '[');
    text.append(depth - 1, ']');
    return text + "}";
  };
  CHECK(there_and_back(json_format(), nested(10'000)) == nested(10'000));
  CHECK(json_format().emit(parsed(nested(10'000)), {0}).size() > 40'000);
  try {
    parsed(nested(10'001));
    FAIL("accepted");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::error_dumping_tree);
  }
  CHECK_THROWS_AS(json_format().parse(nested(200'000), ParseMode::sealed), Error);
}

TEST_CASE("JSON values as --extract prints them", "[json]") {
  const Document document =
      parsed(R"({"s": "a<\n", "n": 1.50, "z": null, "l": [1,[],{}], "m": {"x": "<"}, "big": 1e21, "tiny": 1e-7})");
  const auto extracted = [&](const char* key) {
    return json_format().emit_value(document, document.find(document.roots[0], key), {});
  };
  CHECK(extracted("s") == "a<\n");
  CHECK(extracted("n") == "1.5");
  CHECK(extracted("z") == "null");
  CHECK(extracted("l") == "[\n\t1,\n\t[],\n\t{}\n]");
  CHECK(extracted("m") == "{\n\t\"x\": \"\\u003c\"\n}\n");
  CHECK(extracted("big") == "1e+21");
  CHECK(extracted("tiny") == "1e-7");
}

TEST_CASE("JSON cannot hold infinities, and indents are not negative", "[json]") {
  Document document;
  document.roots.push_back(document.add(NodeKind::map, no_node));
  document.metadata.push_back(no_node);
  CHECK_THROWS_WITH(json_format().emit(document, {-2}), Catch::Contains("smaller than -1"));
  document.add_scalar(document.roots[0], "a", {ScalarType::floating, "+Inf"});
  CHECK_THROWS_WITH(json_format().emit(document, {}), Catch::Contains("unsupported value: +Inf"));
}
