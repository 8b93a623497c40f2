#include "formats/yaml_metadata.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <sstream>

#include "formats/yaml_emit.hpp"
#include "formats/yaml_parse.hpp"
#include "support/described_tree.hpp"
#include "support/generate_yaml.hpp"
#include "support/golden.hpp"

using namespace leafseal;
using nlohmann::json;

namespace {

json recipient(const std::string& name) {
  return {{"map", {{{"k", "enc"}, {"s", "-----BEGIN-----\n" + name + "\n-----END-----\n"}}, {{"k", "recipient"}, {"s", name}}}}};
}

// A metadata tree in the reference's order.
Document metadata(const std::vector<std::string>& recipients, const std::string& mac, bool layout = false) {
  json age = json::array();
  for (const std::string& name : recipients) age.push_back(recipient(name));
  json map = {{{"k", "age"}, {"list", age}}, {{"k", "lastmodified"}, {"s", "2026-01-02T03:04:05Z"}}};
  if (layout) map.push_back({{"k", "leafseal"}, {"map", {{{"k", "layout"}, {"s", "ENC[l]"}}}}});
  map.push_back({{"k", "mac"}, {"s", mac}});
  map.push_back({{"k", "version"}, {"s", "3.13.2"}});
  Document tree;
  tree.roots.push_back(test::add_described(tree, no_node, {{"map", map}}));
  tree.metadata.push_back(no_node);
  return tree;
}

std::string with(const std::string& text, const Document& tree) {
  Edits edits;
  write_yaml_metadata(parse_yaml(text, ParseMode::sealed), tree, tree.roots[0], edits);
  return apply_edits(text, edits);
}

std::string without(const std::string& text) {
  Edits edits;
  remove_yaml_metadata(parse_yaml(text, ParseMode::sealed), edits);
  return apply_edits(text, edits);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Lines of `after` that `before` does not have, and the reverse.
std::size_t changed_lines(const std::string& before, const std::string& after) {
  const std::vector<std::string> a = lines_of(before), b = lines_of(after);
  const std::multiset<std::string> old(a.begin(), a.end()), fresh(b.begin(), b.end());
  std::size_t changed = 0;
  for (const std::string& line : std::set<std::string>(a.begin(), a.end())) changed += old.count(line) > fresh.count(line);
  for (const std::string& line : std::set<std::string>(b.begin(), b.end())) changed += fresh.count(line) > old.count(line);
  return changed;
}

const std::string block = R"(sops:
    age:
        - enc: |
            -----BEGIN-----
            one
            -----END-----
          recipient: one
    lastmodified: "2026-01-02T03:04:05Z"
    mac: ENC[m]
    version: 3.13.2)";

std::string indented_block(std::size_t by) {
  std::string out;
  for (const std::string& line : lines_of(block)) out += std::string(by, ' ') + line + "\n";
  return out;
}

std::string crlf(std::string text) {
  for (std::size_t at = 0; (at = text.find('\n', at)) != text.npos; at += 2) text.insert(at, "\r");
  return text;
}

}  // namespace

TEST_CASE("a new block goes to the end of each document and leaves without a trace") {
  struct Case {
    const char* what;
    std::string before, after;
  };
  const std::string flow = R"("sops": {"age": [{"enc": "-----BEGIN-----\none\n-----END-----\n", "recipient": "one"}], )"
                           R"("lastmodified": "2026-01-02T03:04:05Z", "mac": "ENC[m]", "version": "3.13.2"})";
  const std::vector<Case> cases = {
      {"behind comments and blank lines", "a: 1\n\n# c\n", "a: 1\n\n# c\n" + block + "\n"},
      {"at the root's column", "  a: 1\n", "  a: 1\n" + indented_block(2)},
      {"before an end mark", "a: 1\n... # e\n# c\n", "a: 1\n" + block + "\n... # e\n# c\n"},
      {"in each document", "a: 1\n---\nb: 2\n", "a: 1\n" + block + "\n---\nb: 2\n" + block + "\n"},
      {"no final break", "a: 1", "a: 1\n" + block},
      {"no final break, CRLF", "a: 1\r\nb: 2", crlf("a: 1\nb: 2\n" + block)},
      {"kept blank lines", "a: |+\n  x\n\n\n", "a: |+\n  x\n\n\n" + block + "\n"},
      {"BOM", "\xef\xbb\xbf" "a: 1\n", "\xef\xbb\xbf" "a: 1\n" + block + "\n"},
      {"no entries", "---\n", "---\n" + block + "\n"},
      {"comments only", "# c\n", "# c\n" + block + "\n"},
      {"comments only, no final break", "# c", "# c\n" + block},
      {"a later null", "a: 1\n---\nnull\n", "a: 1\n" + block + "\n---\nnull\n"},
      {"properties of the root", "--- !!map\na: 1\n", "--- !!map\na: 1\n" + block + "\n"},
      {"flow", "{a: 1}\n", "{a: 1, " + flow + "}\n"},
      {"flow with trailing comma", "{a: 1, }\n", "{a: 1, " + flow + ",}\n"},
      {"empty flow", "{}\n", "{" + flow + "}\n"},
      {"flow with a comment", "{a: 1 # c\n}\n", "{a: 1 # c\n, " + flow + "}\n"},
  };
  const Document tree = metadata({"one"}, "ENC[m]");
  for (const Case& c : cases) {
    CAPTURE(c.what);
    CHECK(with(c.before, tree) == c.after);
    CHECK(without(c.after) == c.before);
  }
}

TEST_CASE("what is removed is the block alone") {
  CHECK(without("a: 1\n" + block + "\n# added later\n") == "a: 1\n# added later\n");
  CHECK(without(block + "\na: 1\n") == "a: 1\n");
  CHECK(without(block + "\n") == "{}\n");  // how the reference seals an empty document
  CHECK(without("{\"sops\": {\"mac\": \"x\"}, \"a\": 1}\n") == "{\"a\": 1}\n");
}

TEST_CASE("an update touches only what changed") {
  const std::string old = with("a: 1\n", metadata({"one", "two", "three"}, "ENC[m]"));
  CHECK(with(old, metadata({"one", "two", "three"}, "ENC[m]")) == old);
  CHECK(changed_lines(old, with(old, metadata({"one", "two", "three"}, "ENC[n]"))) == 2);
  const std::string fewer = with(old, metadata({"one", "three"}, "ENC[m]"));
  CHECK(fewer == with("a: 1\n", metadata({"one", "three"}, "ENC[m]")));
  CHECK(with(fewer, metadata({"one", "two", "three"}, "ENC[m]")) == old);
  CHECK(with(old, metadata({"one", "two", "three"}, "ENC[m]", true)) ==
        with("a: 1\n", metadata({"one", "two", "three"}, "ENC[m]", true)));
}

TEST_CASE("a block with a layout of its own keeps it") {
  const std::string own = "a: 1\nsops:\n  version: 3.13.2\n  mac: 'ENC[m]'  # c\n  lastmodified: '2026-01-02T03:04:05Z'\n"
                          "  age:\n  - recipient: one\n    enc: |\n     -----BEGIN-----\n     one\n     -----END-----\n";
  CHECK(with(own, metadata({"one"}, "ENC[m]")) == own);
  std::string wanted = own;
  wanted.replace(wanted.find("ENC[m]"), 6, "ENC[n]");
  wanted += "  - enc: |\n      -----BEGIN-----\n      two\n      -----END-----\n    recipient: two\n";
  CHECK(with(own, metadata({"one", "two"}, "ENC[n]")) == wanted);
  const std::string flow = R"({"a":1,"sops":{"age":[],"lastmodified":"2026-01-02T03:04:05Z","mac":"ENC[m]","version":"3.13.2"}})";
  std::string flow_wanted = flow;
  flow_wanted.replace(flow.find("ENC[m]"), 6, "ENC[n]");
  CHECK(with(flow, metadata({}, "ENC[n]")) == flow_wanted);
}

TEST_CASE("the layout records stand in the first document's block only") {
  const std::string text = with("a: 1\n---\nb: 1\n", metadata({"one"}, "ENC[m]", true));
  CHECK(text.find("leafseal:") != text.npos);
  CHECK(text.find("leafseal:") < text.find("---\nb"));
  CHECK(text.find("leafseal:", text.find("---\nb")) == text.npos);
}

TEST_CASE("golden files of the reference: the block goes and comes back, and canonical output is theirs") {
  std::size_t count = 0;
  for (const auto& folder : testing::golden_cases("")) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() != ".yaml") continue;
      const std::string text = testing::read_text(entry.path());
      CAPTURE(entry.path().string());
      const Document document = parse_yaml(text, ParseMode::sealed);
      if (entry.path().stem() == "plain" && document.metadata[0] == no_node) {
        const Document tree = metadata({"one", "two"}, "ENC[m]", true);
        CHECK(without(with(text, tree)) == text);
        ++count;
      }
    }
  }
  CHECK(count >= 50);
}

TEST_CASE("random files: the block goes without a trace, also after updates") {
  const Document first = metadata({"one", "two"}, "ENC[m]", true), second = metadata({"two", "three"}, "ENC[n]");
  std::size_t count = 0;
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    test::Dice dice(seed);
    const std::string text = test::generate_yaml(dice).text;
    CAPTURE(seed, text);
    const std::string sealed = with(text, first);
    CHECK(without(sealed) == text);
    const std::string updated = with(sealed, second);
    CHECK(without(updated) == text);
    CHECK(with(updated, first) == sealed);
    ++count;
  }
  CHECK(count == 1500);
}
