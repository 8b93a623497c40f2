#include "formats/yaml_structure.hpp"

#include <catch2/catch.hpp>

#include "formats/yaml_parse.hpp"
#include "leafseal/path.hpp"
#include "support/described_tree.hpp"
#include "support/generate_yaml.hpp"

using namespace leafseal;
using nlohmann::json;

namespace {

const std::string ten_lines = R"({"map":[{"k":"p","s":"q"},{"k":"l","list":[{"i":"1"},{"map":[{"k":"n","s":"a\nb"}]}]}]})";

struct Case {
  const char* what;
  std::string before, path, value, after;  // value as testdata/emit/README.md describes it; empty: removal
};

// A path whose last step does not exist inserts there: a key into a map, an index into a list (comments count).
std::string change(const Case& c) {
  const Document document = parse_yaml(c.before, ParseMode::sealed);
  Path path = parse_path(c.path, ExitCode::generic);
  const NodeId node = resolve(document, document.roots[0], path);
  Edits edits;
  if (c.value.empty()) {
    remove_yaml(document, node, edits);
    return apply_edits(c.before, edits);
  }
  Document value;
  const NodeId fresh = test::add_described(value, no_node, json::parse(c.value));
  if (node != no_node) {
    replace_yaml(document, node, value, fresh, edits);
  } else {
    const PathStep last = path.back();
    path.pop_back();
    const std::string key = std::holds_alternative<std::string>(last) ? std::get<std::string>(last) : std::string();
    insert_yaml(document, resolve(document, document.roots[0], path), key, value, fresh, edits);
  }
  return apply_edits(c.before, edits);
}

// Values and structure of a node, comments left out, with one node absent or another text in place of one.
struct Shape {
  NodeId removed = no_node, replaced = no_node, grown = no_node;
  std::string text;
};

std::string shape(const Document& d, NodeId root, const Shape& change = {}) {
  std::string out;
  std::vector<std::pair<NodeId, bool>> open{{root, false}};  // true: its end
  while (!open.empty()) {
    const auto [id, end] = open.back();
    open.pop_back();
    const Node& n = d[id];
    if (end) {
      out += (id == change.grown ? change.text : "") + (n.kind == NodeKind::map ? "}" : "]");
      continue;
    }
    if (id == change.removed || n.kind == NodeKind::comment) continue;
    out.append(n.key).append("=");
    if (id == change.replaced) {
      out += change.text;
    } else if (n.kind == NodeKind::scalar) {
      out.append(std::to_string(static_cast<int>(n.type))).append(":").append(n.text).append(";");
    } else {
      out += n.kind == NodeKind::map ? '{' : '[';
      open.emplace_back(id, true);
      std::vector<NodeId> children;
      for (NodeId at = n.first_child; at != no_node; at = d[at].next) children.push_back(at);
      for (auto at = children.rbegin(); at != children.rend(); ++at) open.emplace_back(*at, false);
    }
  }
  return out;
}

std::string shapes(const Document& d, const Shape& change = {}) {
  std::string out;
  for (const NodeId root : d.roots) out += shape(d, root, change) + "\n";
  return out;
}

}  // namespace

TEST_CASE("entries are replaced in the style of what surrounds them") {
  const std::vector<Case> cases = {
      {"the value alone", "a:   old  # c\nb: 1\n", R"(["a"])", R"({"s":"new"})", "a:   new  # c\nb: 1\n"},
      {"quotes stay", "a: \"x\"\nb: 'y'\n", R"(["b"])", R"({"s":"z"})", "a: \"x\"\nb: 'z'\n"},
      {"a string that needs them gets quotes", "a: x\n", R"(["a"])", R"({"s":"yes"})", "a: \"yes\"\n"},
      {"nothing", "a:\nb: 1\n", R"(["a"])", R"({"i":"5"})", "a: 5\nb: 1\n"},
      {"a core tag goes, an anchor stays", "a: &x !!int 5\n", R"(["a"])", R"({"s":"s"})", "a: &x s\n"},
      {"a comment stays on the key's line", "a: x # c\n", R"(["a"])", R"({"map":[{"k":"k","i":"1"}]})",
       "a: # c\n    k: 1\n"},
      {"a block scalar keeps its column", "a:\n  b: |\n       x\n", R"(["a"]["b"])", R"({"s":"y\nz\n"})",
       "a:\n  b: |\n       y\n       z\n"},
      {"a block becomes a scalar", "a:\n  b: 1\n  # in a\n# end\n", R"(["a"])", R"({"n":0})", "a: null\n# end\n"},
      {"the file's step and dashes", "m:\n  k: 1\nl:\n- 1\na: x\n", R"(["a"])", ten_lines,
       "m:\n  k: 1\nl:\n- 1\na:\n  p: q\n  l:\n  - 1\n  - \"n\": |-\n      a\n      b\n"},
      {"an item of a list", "l:\n  - x\n  - y\n", "[\"l\"][0]", R"({"map":[{"k":"k","i":"1"},{"k":"m","i":"2"}]})",
       "l:\n  - k: 1\n    m: 2\n  - y\n"},
      {"in flow", "a: {b: [1, x]}\n", R"(["a"]["b"][1])", ten_lines,
       "a: {b: [1, {p: q, l: [1, {\"n\": \"a\\nb\"}]}]}\n"},
      {"as in JSON", "{\"a\": {\"b\": 1}}\n", R"(["a"]["b"])", R"({"s":"x"})", "{\"a\": {\"b\": \"x\"}}\n"},
      {"CRLF", "a: x\r\nb: 1\r\n", R"(["a"])", R"({"map":[{"k":"k","i":"1"}]})", "a:\r\n    k: 1\r\nb: 1\r\n"},
      {"no final break", "a: 1\nb: 2", R"(["b"])", R"({"s":"x\ny\n"})", "a: 1\nb: \"x\\ny\\n\""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    CHECK(change(c) == c.after);
  }
}

TEST_CASE("entries are inserted behind the last one, before comments at the end and the metadata") {
  const std::vector<Case> cases = {
      {"a key", "a: 1\n# end\n", R"(["b"])", R"({"s":"x"})", "a: 1\nb: x\n# end\n"},
      {"before the metadata", "a: 1\nsops:\n    mac: x\n", R"(["b"])", R"({"s":"x"})", "a: 1\nb: x\nsops:\n    mac: x\n"},
      {"only metadata", "sops:\n    mac: x\n", R"(["b"])", R"({"s":"x"})", "b: x\nsops:\n    mac: x\n"},
      {"nested, behind the comment of the last entry", "a:\n  b:\n    c: 1\n    # in b\nd: 1\n", R"(["a"]["e"])", R"({"i":"2"})",
       "a:\n  b:\n    c: 1\n    # in b\n  e: 2\nd: 1\n"},
      {"an item", "l:\n- 1\n- 2 # two\nk: 1\n", "[\"l\"][3]", R"({"s":"x"})", "l:\n- 1\n- 2 # two\n- x\nk: 1\n"},
      {"into a map in a list", "l:\n  - a: 1\n", "[\"l\"][0][\"b\"]", R"({"i":"2"})", "l:\n  - a: 1\n    b: 2\n"},
      {"empty ones open", "a: {} # c\nb: []\n", R"(["a"]["k"])", R"({"i":"1"})", "a: # c\n    k: 1\nb: []\n"},
      {"an empty list", "m:\n  a: []\n", R"(["m"]["a"][0])", R"({"i":"1"})", "m:\n  a:\n    - 1\n"},
      {"null", "a:\n  b:\nc: 1\n", R"(["a"]["b"]["k"])", R"({"i":"1"})", "a:\n  b:\n    k: 1\nc: 1\n"},
      {"flow", "a: {b: 1}\n", R"(["a"]["c"])", R"({"s":"x"})", "a: {b: 1, c: x}\n"},
      {"flow with trailing comma", "a: [1, 2, ]\n", R"(["a"][2])", R"({"i":"3"})", "a: [1, 2, 3, ]\n"},
      {"flow over lines", "a: {\n  b: 1,\n  c: 2 # two\n}\n", R"(["a"]["d"])", R"({"i":"3"})",
       "a: {\n  b: 1,\n  c: 2, # two\n  d: 3\n}\n"},
      {"flow that ends in nothing", "{a: {f: }}\n", R"(["a"]["g"])", R"({"i":"1"})", "{a: {f: , g: 1 }}\n"},
      {"flow root with metadata", "{\"a\": 1, \"sops\": {\"mac\": \"x\"}}\n", R"(["b"])", R"({"s":"y"})",
       "{\"a\": 1, \"b\": \"y\", \"sops\": {\"mac\": \"x\"}}\n"},
      {"kept blank lines stay the scalar's", "a: |+\n  x\n\n# end\n", R"(["b"])", R"({"i":"1"})",
       "a: |+\n  x\n\nb: 1\n# end\n"},
      {"no final break", "a: |\n  x", R"(["b"])", R"({"i":"1"})", "a: |-\n  x\nb: 1"},
      {"a deeper comment is not swallowed", "a: 1\n    # deep\n", R"(["b"])", R"({"s":"x\ny"})",
       "a: 1\nb: \"x\\ny\"\n    # deep\n"},
      {"CRLF", "a: 1\r\n", R"(["b"])", R"({"i":"2"})", "a: 1\r\nb: 2\r\n"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    CHECK(change(c) == c.after);
  }
}

TEST_CASE("entries are removed with their lines, and comments stay") {
  const std::vector<Case> cases = {
      {"a line", "a: 1\n# above b\nb: 2 # b\nc: 3\n", R"(["b"])", "", "a: 1\n# above b\nc: 3\n"},
      {"a block with the comments inside", "a:\n  # x\n  b: 1\n  # y\nc: 3\n", R"(["a"])", "", "c: 3\n"},
      {"the last of a map", "a:\n  b: 1\nc: 3\n", R"(["a"]["b"])", "", "a: {}\nc: 3\n"},
      {"the last of a list", "a:\n- 1\n", "[\"a\"][0]", "", "a: []\n"},
      {"the last of a document", "# c\na: 1\n", R"(["a"])", "", "# c\n{}\n"},
      {"the first entry behind a dash", "l:\n  - a: 1\n    # b\n    b: 2\n", "[\"l\"][0][\"a\"]", "",
       "l:\n  - # b\n    b: 2\n"},
      {"in flow", "a: {b: 1, c: 2, d: 3}\n", R"(["a"]["c"])", "", "a: {b: 1, d: 3}\n"},
      {"the last in flow", "a: [1, 2]\n", "[\"a\"][1]", "", "a: [1]\n"},
      {"the only one in flow", "a: [1, ]\n", "[\"a\"][0]", "", "a: []\n"},
      {"in flow over lines", "a: [\n  1, # one\n  2,\n  3\n]\n", "[\"a\"][2]", "", "a: [\n  1, # one\n  3\n]\n"},
      {"no final break", "a: 1\nb: 2", R"(["b"])", "", "a: 1"},
      {"blank lines do not join a scalar above", "a: |+\n  x\nb: 1\n\nc: 2\n", R"(["b"])", "", "a: |+\n  x\nc: 2\n"},
      {"nor does a comment", "a: |\n  x\nb: 1\n    # deep\n\nc: 2\n", R"(["b"])", "", "a: |\n  x\n# deep\n\nc: 2\n"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.what);
    CHECK(change(c) == c.after);
  }
}

TEST_CASE("random changes of random files give the tree that was asked for") {
  const std::vector<std::string> values = {R"({"s":"v"})", R"({"s":"a\nb\n"})", R"({"s":"a\nb\n\n"})", R"({"s":" x\ny"})",
                                           R"({"n":0})", R"({"map":[]})", R"({"list":[]})", ten_lines,
                                           R"({"s":"ENC[AES256_GCM,data:abc=,iv:x=,tag:y=,type:str]"})"};
  std::size_t changes = 0;
  for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
    test::Dice dice(seed);
    const std::string text = test::generate_yaml(dice).text;
    const Document document = parse_yaml(text, ParseMode::sealed);
    std::vector<NodeId> nodes;
    for (NodeId id = 0; id < document.size(); ++id) {
      if (document[id].kind != NodeKind::comment && document[id].parent != no_node) nodes.push_back(id);
    }
    if (document.has_aliases || nodes.empty()) continue;
    CAPTURE(seed, text);
    const NodeId node = nodes[dice.below(nodes.size())];
    Document value;
    const NodeId fresh = test::add_described(value, no_node, json::parse(values[dice.below(values.size())]));
    const NodeId parent = document[node].parent;
    const bool in_map = document[parent].kind == NodeKind::map;
    Edits edits;
    Shape wanted;
    switch (dice.below(3)) {
      case 0:
        wanted.removed = node;
        remove_yaml(document, node, edits);
        break;
      case 1:
        wanted.replaced = node;
        wanted.text = shape(value, fresh).substr(1);
        replace_yaml(document, node, value, fresh, edits);
        break;
      default:
        wanted.grown = parent;
        wanted.text = (in_map ? "new" : "") + shape(value, fresh);
        insert_yaml(document, parent, in_map ? "new" : "", value, fresh, edits);
    }
    CHECK(shapes(parse_yaml(apply_edits(text, edits), ParseMode::sealed)) == shapes(document, wanted));
    ++changes;
  }
  CHECK(changes > 1000);
}
