#include <catch2/catch.hpp>

#include <random>

#include "formats/dotenv_format.hpp"
#include "support/golden.hpp"
#include "support/seal_cycle.hpp"

using namespace leafseal;
using namespace leafseal::testing;

namespace {

const Format& format() { return dotenv_format(); }
Document parsed(const std::string& text) { return format().parse(text, ParseMode::plain); }

// key=value and #comment as shown by hand-written rules: what the reference's store does, in ten lines.
std::string model_of(const std::string& text) {
  std::string out;
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    const std::size_t equals = line.find('=');
    if (line.empty() || (line[0] != '#' && equals == std::string::npos && line.find('#') == std::string::npos))
      continue;
    if (line[0] == '#' || equals == std::string::npos) {
      out += "comment " + line.substr(line.find('#') + 1) + "\n";
    } else {
      out += "entry " + line.substr(0, equals) + "=" + line.substr(equals + 1) + "\n";
    }
  }
  return out;
}

std::string model_of(const Document& document) {
  std::string out;
  for (NodeId at = document[document.roots[0]].first_child; at != no_node; at = document[at].next) {
    const Node& node = document[at];
    out += node.kind == NodeKind::comment
               ? "comment " + std::string(node.text)
               : "entry " + std::string(node.key) + "=" + std::string(document.text(node.span));
    out += "\n";
  }
  return out;
}

std::string generated(unsigned seed, bool comments_sealed) {
  std::mt19937 random(seed);
  const auto pick = [&](std::vector<std::string> from) { return from[random() % from.size()]; };
  const std::string end = pick({"\n", "\n", "\r\n"});
  std::string out;
  for (auto lines = random() % 8; lines > 0; --lines) {
    switch (random() % 6) {
      case 0:
        out += pick({"", "", " ", "\t", "  \t"});
        break;
      case 1:
        out += "#" + pick({"", " note", "note = x", "ENC[", "\xff"});
        break;
      case 2:
        out += comments_sealed ? pick({" ", "\t", "   "}) + "# indented" : "# plain";
        break;
      default:
        out += pick({"A", "B", "export C", "", " D",
                     "\xef\xbb\xbf"
                     "E",
                     "A", "F_unencrypted"}) +
               "=" +
               pick({"", "x", "\"quoted\"", "a\\nb", "a\\\\nb", "x # y", "=", " padded ", "\xff\xfe",
                     std::string(1, '\0')});
    }
    out += end;
  }
  if (!out.empty() && random() % 4 == 0) out.resize(out.size() - end.size());
  return out;
}

}  // namespace

TEST_CASE("dotenv text is read as the reference reads it, and every byte comes back", "[dotenv][L1]") {
  for (unsigned seed = 1; seed <= 4000; ++seed) {
    const std::string text = generated(seed, true);
    CAPTURE(seed, text);
    REQUIRE(model_of(parsed(text)) == model_of(text));
    REQUIRE(there_and_back(format(), text) == text);
  }
}

TEST_CASE("dotenv text comes back where only some of it is sealed", "[dotenv][L1]") {
  for (unsigned seed = 1; seed <= 2000; ++seed) {
    const std::string text = generated(seed, false);
    CAPTURE(seed, text);
    std::mt19937 random(seed);
    REQUIRE(there_and_back(format(), text, [&](const Leaf&) { return random() % 2 == 0; }) == text);
  }
}

TEST_CASE("a sealed dotenv file holds no line that the reference refuses", "[dotenv]") {
  for (unsigned seed = 1; seed <= 1000; ++seed) {
    const std::string sealed = seal_all(format(), generated(seed, true), [](const Leaf&) { return true; }).text;
    std::istringstream lines(sealed);
    for (std::string line; std::getline(lines, line);) {
      CAPTURE(sealed, line);
      REQUIRE((line.empty() || line[0] == '#' || line.find('=') != std::string::npos));
    }
  }
}

TEST_CASE("dotenv: what the reference printed is printed again", "[dotenv][golden]") {
  for (const auto& folder : golden_cases("env-")) {
    CAPTURE(folder.filename().string());
    const std::string plain = read_text(folder / "plain.env");
    CHECK(format().emit(parsed(plain), {}) == read_text(folder / "decrypted.env"));
    CHECK(there_and_back(format(), plain) == plain);
    const std::string sealed = read_text(folder / "encrypted.env");
    const Document document = format().parse(sealed, ParseMode::sealed);
    CHECK(format().emit(document, {}) == sealed);
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

TEST_CASE("dotenv metadata grows into a tree and changes line by line", "[dotenv]") {
  const std::string text = "A=1\nsops_age__list_0__map_enc=a\\nb\nsops_mac=old\nsops_version=3.9.0\n#end\n";
  const Document document = format().parse(text, ParseMode::sealed);
  const NodeId age = document.find(document.metadata[0], "age");
  REQUIRE(age != no_node);
  const NodeId enc = document.find(document.item(age, 0), "enc");
  CHECK(document[enc].text == "a\nb");
  CHECK(document.text(document[enc].span) == "a\\nb");

  Document wanted;
  const NodeId block = wanted.add(NodeKind::map, no_node);
  wanted.add_scalar(block, "lastmodified", Value::string("now"));
  wanted.add_scalar(block, "mac", Value::string("new"));
  wanted.add_scalar(block, "mac_only_encrypted", Value::boolean(true));
  wanted.add_scalar(block, "version", Value::string("3.9.0"));
  Edits edits;
  format().write_metadata(document, wanted, block, edits);
  CHECK(apply_edits(text, edits) ==
        "A=1\nsops_lastmodified=now\nsops_mac=new\nsops_mac_only_encrypted=true\nsops_version=3.9.0\n#end\n");
}

TEST_CASE("dotenv: set and unset", "[dotenv]") {
  Document value;
  const NodeId text = value.add_scalar(no_node, "", Value::string("x\ny"));
  const NodeId list = value.add(NodeKind::list, no_node);
  const auto inserted = [&](const std::string& before, const std::string& key, NodeId node) {
    const Document document = parsed(before);
    Edits edits;
    format().insert(document, document.roots[0], key, value, node, edits);
    return apply_edits(before, edits);
  };
  CHECK(inserted("", "B", text) == "B=x\\ny\n");
  CHECK(inserted("A=1", "B", text) == "A=1\nB=x\\ny");
  CHECK(inserted("A=1\n# end\n\nsops_mac=m\n", "B", text) == "A=1\n# end\nB=x\\ny\n\nsops_mac=m\n");
  CHECK(inserted("sops_mac=m\n", "B", text) == "B=x\\ny\nsops_mac=m\n");
  CHECK_THROWS_WITH(inserted("", "B", list), "cannot use complex value in dotenv file; offending key B");
  CHECK_THROWS_WITH(inserted("", "B\nC", text), Catch::Contains("cannot stand in a dotenv file"));

  const auto removed = [&](const std::string& before) {
    const Document document = parsed(before);
    Edits edits;
    format().remove(document, document.find(document.roots[0], "B"), edits);
    return apply_edits(before, edits);
  };
  CHECK(removed("A=1\nB=2\nC=3\n") == "A=1\nC=3\n");
  CHECK(removed("A=1\nB=2") == "A=1");
  CHECK(removed("B=2") == "");
}

TEST_CASE("dotenv prints what other formats hold", "[dotenv]") {
  Document document;
  const NodeId root = document.add(NodeKind::map, no_node);
  document.roots.push_back(root);
  document.metadata.push_back(no_node);
  document.add_scalar(root, "T", Value::boolean(true));
  document.add_scalar(root, "I", Value::integer(-5));
  document.add_scalar(root, "F", Value::floating(2));
  document.add_scalar(root, "G", Value::floating(1234567));
  document.add_scalar(root, "H", Value::floating(0.00001));
  document.add_scalar(root, "W", {ScalarType::time, "2001-12-14T21:59:43.1-05:00"});
  document.add_scalar(root, "N", Value::null());
  CHECK(format().emit(document, {}) ==
        "T=true\nI=-5\nF=2.0\nG=1.234567E+06\nH=1E-05\nW=2001-12-14T21:59:43-05:00\nN=<nil>\n");
}

TEST_CASE("dotenv lines that mean nothing are refused", "[dotenv][P5]") {
  for (const std::string text : {"A=1\nno equals sign\n", "export\n"}) {
    CHECK_THROWS_WITH(parsed(text), Catch::StartsWith("invalid dotenv input line: "));
  }
  CHECK_THROWS_AS(format().parse("A=1\n  # indented\n", ParseMode::sealed), Error);
  CHECK_THROWS_AS(format().parse("A=1\n \n", ParseMode::sealed), Error);
  CHECK_THROWS_AS(parsed("#leafseal:blank \n"), Error);
  CHECK_THROWS_WITH(format().parse("sops_a=1\nsops_a=2\n", ParseMode::sealed), Catch::Contains("Duplicate value"));
  CHECK(parsed("sops_a=1\nsops_a=2\n").metadata[0] != no_node);
}
