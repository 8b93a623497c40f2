#include "formats/ini_format.hpp"

#include <catch2/catch.hpp>

#include <random>

#include "leafseal/path.hpp"
#include "support/golden.hpp"
#include "support/seal_cycle.hpp"

using namespace leafseal;
using namespace leafseal::testing;

namespace {

const Format& format() { return ini_format(); }
Document parsed(const std::string& text) { return format().parse(text, ParseMode::plain); }

// The model in lines: `path type text`, comments marked, unread ones with `?`.
std::string model_of(const std::string& text) {
  const Document document = parsed(text);
  std::string out;
  for (const Leaf& leaf : leaves_of(document)) {
    const bool unread = document[leaf.node].unread;
    out += leaf.path + (leaf.comment ? unread ? "?" : "#" : "") + " " + leaf.text + "|";
  }
  return out;
}

std::string generated(unsigned seed) {
  std::mt19937 random(seed);
  const auto below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  const auto pick = [&](std::vector<std::string> from) { return from[below(static_cast<unsigned>(from.size()))]; };
  const std::string end = below(4) == 0 ? "\r\n" : "\n";
  const auto comment = [&] {
    return pick({"; note", "# note", ";note", ";; two", "# ; mixed", ";", "#  ", "; a = b", "  ; indented", "; [x]",
                 ";\tt", "; it`s"});
  };
  std::string out = below(10) == 0 ? "\xef\xbb\xbf" : "";
  unsigned keys = 0;
  for (unsigned lines = below(14); lines > 0; --lines) {
    switch (below(7)) {
      case 0:
        out += pick({"", "", "  ", "\t"});
        break;
      case 1:
        out += comment();
        break;
      case 2:
        out += pick({"[a]", "[a.b]", "[ blank ]", "  [a]", "[DEFAULT]", "[größe]", "[x=y]"}) +
               pick({"", "", "", " ; tail", " # tail", "junk", "junk ; tail", "  "});
        break;
      default:
        out += pick({"", "", "  "}) + pick({"k", "\"k=", "`k:", "\"\"\"key", "ключ", "-"});
        if (out.ends_with("-")) {
        } else {
          const std::string quote = out.ends_with("\"k=")        ? "\""
                                    : out.ends_with("`k:")       ? "`"
                                    : out.ends_with("\"\"\"key") ? "\"\"\""
                                                                 : "";
          out += std::to_string(++keys) + quote;
        }
        out += pick({" = ", "=", ":", ": ", "\t=\t", "   = "});
        out += pick({"",
                     "x",
                     "two words",
                     "\"q\"",
                     "\" b \"",
                     "'s'",
                     "\"a\"b\"",
                     "`a;b`",
                     "``",
                     "`x` y",
                     "\"\"\"t\"\"\"",
                     "\"\"",
                     "'",
                     "\"\"\"one" + end + "two\"\"\"",
                     "`one" + end + "  two` ",
                     "one \\" + end + "  two",
                     "one \\" + end + "two\\" + end,
                     "%(k)s",
                     "a=b",
                     "it's",
                     "\xc2\xa0nbsp",
                     "\xff",
                     "`\"\"\"`",
                     "x\\",
                     "\"\"\"a\"\"\" \"\"\"b\"\"\"",
                     "\"a;b\""});
        out += pick({"", "", "", " ; tail", " # tail", ";tail", "  ", " ;", "; `"});
    }
    out += end;
  }
  if (below(4) == 0 && out.ends_with(end)) out.resize(out.size() - end.size());
  return out;
}

}  // namespace

TEST_CASE("every byte of an INI file comes back", "[ini][L1]") {
  unsigned refused = 0;
  for (unsigned seed = 1; seed <= 6000; ++seed) {
    const std::string text = generated(seed);
    CAPTURE(seed, text);
    try {
      parsed(text);
    } catch (const Error&) {
      ++refused;
      continue;
    }
    REQUIRE(there_and_back(format(), text) == text);
    std::mt19937 random(seed);
    std::string back;
    REQUIRE(there_and_back(format(), text, [](const Leaf& leaf) { return !leaf.comment; }) == text);
    REQUIRE(there_and_back(format(), text, [](const Leaf& leaf) { return leaf.comment; }) == text);
  }
  CHECK(refused < 2000);
}

TEST_CASE("INI is read as the reference reads it", "[ini]") {
  struct Row {
    std::string text, model;
  };
  const std::vector<Row> rows = {
      {"a = 1\n[s]\nb: 2\n", "DEFAULT:a: 1|s:b: 2|"},
      {"; head\n# more\n[s]\n; on key\nk=v ; tail\n", "s:# head\n# more|s:k: v|s:# on key\n; tail|"},
      {"[s] # tail\n[s]\n", "s:# tail|"},
      {"k = \"x;y\"\n", "DEFAULT:k: \"x|DEFAULT:# y\"|"},
      {"k = `x;y` ; unseen\n", "DEFAULT:k: x;y|DEFAULT:? unseen|"},
      {"k = \"\"\"a\nb\"\"\"\n", "DEFAULT:k: a\nb|"},
      {"k = a \\\n  b\nl = 'q'\n", "DEFAULT:k: a b|DEFAULT:l: q|"},
      {"- = a\n- = b\n", "DEFAULT:#1: a|DEFAULT:#2: b|"},
      {"`a=b` = 1\n\"c:d\" : 2\n", "DEFAULT:a=b: 1|DEFAULT:c:d: 2|"},
      {"[s]\nk=v\n; end\n", "s:k: v|s:? end|"},
      {"[a]b]\nk=\n", "a]b:k: |"},
      {"k = %(x)s\n", "DEFAULT:k: %(x)s|"},
  };
  for (const Row& row : rows) CHECK(model_of(row.text) == row.model);
}

TEST_CASE("INI: what the reference printed is printed again", "[ini][golden]") {
  for (const auto& folder : golden_cases("ini-")) {
    CAPTURE(folder.filename().string());
    const std::string plain = read_part(folder, "plain"), sealed = read_part(folder, "encrypted");
    const Document document = format().parse(sealed, ParseMode::sealed);
    CHECK(format().emit(parsed(read_part(folder, "decrypted")), {}) == read_part(folder, "decrypted"));
    CHECK(format().emit(document, {}) == sealed);
    CHECK(there_and_back(format(), plain) == plain);
    Edits edits;
    format().write_metadata(document, document, document.metadata[0], edits);
    CHECK(edits.empty());
    format().remove_metadata(document, edits);
    const std::string bare = apply_edits(sealed, edits);
    edits.clear();
    format().write_metadata(parsed(bare), document, document.metadata[0], edits);
    CHECK(apply_edits(bare, edits) == sealed);
  }
}

TEST_CASE("plain INI needs no records", "[ini]") {
  const std::string text =
      "; head\n[s]\n# note\na   = two words\nb=\"q\" ; tail\nc = `x;y`\nd = \"\"\"one\ntwo\"\"\"\n; one\n; two\ne = "
      "'x'\n";
  const Document document = parsed(text);
  for (const Leaf& leaf : leaves_of(document)) {
    CAPTURE(leaf.text);
    CHECK(format().lost_spelling(document, leaf.node).empty());
  }
}

TEST_CASE("INI values are written so that they are read again", "[ini]") {
  const std::string text = "[s]\na = ENC[x]\nb = \"ENC[x]\"\n";
  const Document document = format().parse(text, ParseMode::sealed);
  const auto opened = [&](const char* key, const std::string& value) {
    Edits edits;
    format().open(document, resolve(document, document.roots[0], {"s", key}), Value::string(value), {}, edits);
    const std::string out = apply_edits(text, edits);
    const Document again = parsed(out);
    CHECK(again[resolve(again, again.roots[0], {"s", key})].text == value);
    return out;
  };
  CHECK(opened("a", "x y") == "[s]\na = x y\nb = \"ENC[x]\"\n");
  CHECK(opened("a", "x;y") == "[s]\na = `x;y`\nb = \"ENC[x]\"\n");
  CHECK(opened("a", "x\ny") == "[s]\na = \"\"\"x\ny\"\"\"\nb = \"ENC[x]\"\n");
  CHECK(opened("a", " x") == "[s]\na = \" x\"\nb = \"ENC[x]\"\n");
  CHECK(opened("b", " x") == "[s]\na = ENC[x]\nb = \" x\"\n");
  for (const std::string odd : {"\"x\"", "x\\", "`", "'a'", "\"\"\"", "a`;", "#", "\"\"\"x\"\"\"", "\n", "\\"}) {
    CAPTURE(odd);
    opened("a", odd);
    opened("b", odd);
  }
}

TEST_CASE("a comment's record is used only where its lines mean the comment", "[ini]") {
  const std::string text = "; ENC[x]\n[s]\n; ENC[y]\nk = v\n";
  const Document document = format().parse(text, ParseMode::sealed);
  const NodeId section = document.item(document.roots[0], 1);
  const NodeId comment =
      document[document[section].last_child].kind == NodeKind::comment ? document[section].last_child : no_node;
  REQUIRE(comment != no_node);
  const auto opened = [&](NodeId node, const std::string& value, const std::string& record) {
    Edits edits;
    format().open(document, node, Value::string(value), {record, {}}, edits);
    return apply_edits(text, edits);
  };
  CHECK(opened(comment, "a\n; b", "# x\n\n ; b") == "; ENC[x]\n[s]\n; a\n; b\nk = v\n");
  CHECK(opened(comment, "a\n; b", "; a\n\n ; b") == "; ENC[x]\n[s]\n; a\n\n ; b\nk = v\n");
  CHECK(opened(comment, "a\n; b", "; a\n  ; b\n") == "; ENC[x]\n[s]\n; a\nk = v  ; b\n");
  CHECK(opened(comment, "a", "evil = 1\n; a") == "; ENC[x]\n[s]\n; a\nk = v\n");
  CHECK(opened(comment, "a", "\n ; a\n") == "; ENC[x]\n[s]\n; a\nk = v\n");
  CHECK(opened(comment, "a\nevil = 1", "") == "; ENC[x]\n[s]\n; a\n; evil = 1\nk = v\n");
  CHECK(opened(document[section].first_child, "a", "\n # a\n") == "[s] # a\n; ENC[y]\nk = v\n");
}

TEST_CASE("INI: set and unset look like their surroundings", "[ini]") {
  struct Row {
    std::string before, section, key, value, after;  // an empty value: remove
  };
  const std::vector<Row> rows = {
      {"[s]\nlong = 1\nb    = 2\n", "s", "cc", "3", "[s]\nlong = 1\nb    = 2\ncc   = 3\n"},
      {"[s]\na=1\n\n[t]\n", "s", "b", "x;y", "[s]\na=1\nb=`x;y`\n\n[t]\n"},
      {"[s]\r\na=1", "s", "b", "2", "[s]\r\na=1\r\nb=2"},
      {"[s]\n", "s", "b", "2", "[s]\nb = 2\n"},
      {"[s]\na = 1 ; tail\n", "s", "b=c", "2", "[s]\na = 1 ; tail\n`b=c` = 2\n"},
      {"[s]\nx=1\n", "DEFAULT", "b", "2", "b = 2\n\n[s]\nx=1\n"},
      {"[s]\nx=1\n\n[sops]\nmac = m\n", "s", "b", "2", "[s]\nx=1\nb=2\n\n[sops]\nmac = m\n"},
      {"[s]\na=1\nb=2\n", "s", "a", "", "[s]\nb=2\n"},
      {"[s]\na=1\nb=\"\"\"x\ny\"\"\" ; c", "s", "b", "", "[s]\na=1"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.before, row.key);
    const Document document = format().parse(row.before, ParseMode::sealed);
    const NodeId section = document.find(document.roots[0], row.section);
    Edits edits;
    if (row.value.empty()) {
      format().remove(document, document.find(section, row.key), edits);
    } else {
      Document value;
      const NodeId text = value.add_scalar(no_node, "", Value::string(row.value));
      format().insert(document, section, row.key, value, text, edits);
    }
    CHECK(apply_edits(row.before, edits) == row.after);
  }
}

TEST_CASE("INI: a new section goes before the metadata, and takes maps only", "[ini]") {
  Document value;
  const NodeId map = value.add(NodeKind::map, no_node);
  value.add_scalar(map, "a", Value::string("1"));
  value.add_scalar(map, "bb", Value::boolean(true));
  const auto inserted = [&](const std::string& before, NodeId node) {
    const Document document = format().parse(before, ParseMode::sealed);
    Edits edits;
    format().insert(document, document.roots[0], "t", value, node, edits);
    return apply_edits(before, edits);
  };
  CHECK(inserted("[s]\nx=1\n", map) == "[s]\nx=1\n\n[t]\na  = 1\nbb = true\n");
  CHECK(inserted("[s]\nx=1\n\n[sops]\nmac = m\n", map) == "[s]\nx=1\n\n[t]\na  = 1\nbb = true\n\n[sops]\nmac = m\n");
  CHECK_THROWS_WITH(inserted("", value[map].first_child),
                    Catch::Contains("Section values should always be TreeBranches"));
}

TEST_CASE("INI metadata changes line by line", "[ini]") {
  const std::string text =
      "[s]\nx=1\n\n[sops]\nage__list_0__map_enc = a\\nb\nmac                  = old\nversion              = 3.9.0\n";
  const Document document = format().parse(text, ParseMode::sealed);
  const NodeId age = document.find(document.metadata[0], "age");
  CHECK(document[document.find(document.item(age, 0), "enc")].text == "a\nb");
  Document wanted;
  const NodeId block = wanted.add(NodeKind::map, no_node);
  wanted.add_scalar(block, "lastmodified", Value::string("now"));
  wanted.add_scalar(block, "mac", Value::string("new"));
  wanted.add_scalar(block, "unencrypted_regex", Value::string("^a;b"));
  wanted.add_scalar(block, "version", Value::string("3.9.0"));
  Edits edits;
  format().write_metadata(document, wanted, block, edits);
  CHECK(apply_edits(text, edits) ==
        "[s]\nx=1\n\n[sops]\nlastmodified         = now\nmac                  = new\nunencrypted_regex    = `^a;b`\n"
        "version              = 3.9.0\n");
}

TEST_CASE("broken INI is refused with place and reason", "[ini][P5]") {
  struct Row {
    std::string text, reason;
  };
  const std::vector<Row> rows = {
      {"[unclosed\n", "Could not unmarshal input data: unclosed section: [unclosed"},
      {"[]\n", "Could not unmarshal input data: empty section name"},
      {"no delimiter\n", "Could not unmarshal input data: key-value delimiter not found: no delimiter"},
      {"= x\n", "Could not unmarshal input data: empty key name: = x"},
      {"\"\" = x\n", "Could not unmarshal input data: error creating new key: empty key name"},
      {"\"a = x\n", "Could not unmarshal input data: missing closing key quote: \"a = x"},
      {"a = `x\n", "Could not unmarshal input data: missing closing key quote"},
      {"a = 1\na = 2\n",
       "Could not unmarshal input data: the key \"a\" occurs twice in one section, and only its last value would be "
       "kept"},
  };
  for (const Row& row : rows) CHECK_THROWS_WITH(parsed(row.text), row.reason);
  const Document twice = format().parse("; c\na = 1 ; x\nb = 2\na = 3\n", ParseMode::sealed);
  CHECK(leaves_of(twice).at(0).text == "3");
  CHECK(format().parse("[sops]\na=1\n[sops]\n", ParseMode::sealed).extra_metadata.size() == 1);
}
