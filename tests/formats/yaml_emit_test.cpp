#include "formats/yaml_emit.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <regex>

#include "support/described_tree.hpp"

using namespace leafseal;
using nlohmann::json;

namespace {

std::string emit_case(const json& c) {
  EmitOptions options{c["indent"].get<int>()};
  Document tree;
  if (c.contains("value")) return emit_yaml_value(tree, test::add_described(tree, no_node, c["value"]), options);
  for (const json& document : c["docs"]) {
    tree.roots.push_back(test::add_described(tree, no_node, json{{"map", document}}));
    tree.metadata.push_back(no_node);
  }
  return emit_yaml(tree, options);
}

// sops prints an empty collection below a comment in column 1, where its own reader cannot read it.
std::string with_empty_collections_in_column_1(const std::string& text) {
  return std::regex_replace(text, std::regex("(#[^\n]*\n) +(\\[\\]|\\{\\})\n"), "$1$2\n");
}

// A scalar printed as the value of key `k`.
std::string printed(const Value& value) {
  Document tree;
  const NodeId root = tree.add(NodeKind::map, no_node);
  tree.roots = {root};
  tree.metadata = {no_node};
  tree.add_scalar(root, "k", value);
  return emit_yaml(tree, {});
}

}  // namespace

TEST_CASE("canonical YAML is the reference's, byte for byte") {
  std::ifstream cases(TESTDATA "/emit/yaml.jsonl");
  REQUIRE(cases.is_open());
  std::size_t count = 0, in_column_1 = 0;
  for (std::string line; std::getline(cases, line); ++count) {
    const json c = json::parse(line);
    CAPTURE(line);
    const std::string ours = emit_case(c), want = c["want"];
    if (ours != want && with_empty_collections_in_column_1(ours) == want) {
      ++in_column_1;
    } else {
      CHECK(ours == want);
    }
  }
  CHECK(count >= 300);
  CHECK(in_column_1 == 1);
}

TEST_CASE("where the reference prints what it cannot read, the value is kept") {
  CHECK(printed(Value::string("\tlead\nx")) == "k: \"\\tlead\\nx\"\n");
  Document tree;
  const NodeId root = tree.add(NodeKind::map, no_node);
  tree.roots = {root};
  tree.metadata = {no_node};
  const NodeId list = tree.add(NodeKind::list, root);
  tree[list].key = "l";
  tree.add_scalar(list, {}, Value::string(" a\nb"));
  CHECK(emit_yaml(tree, {}) == "l:\n    - |2-\n       a\n      b\n");
}

TEST_CASE("an empty collection below a comment is indented, where the reference prints it in column 1") {
  Document tree;
  const NodeId list = tree.add(NodeKind::list, no_node);
  tree.roots = {list};
  tree.metadata = {no_node};
  for (const NodeKind empty : {NodeKind::map, NodeKind::list}) {
    const NodeId comment = tree.add(NodeKind::comment, list);
    tree[comment].text = " c";
    tree[comment].inline_comment = true;
    tree.add_scalar(tree.add(NodeKind::list, list), {}, Value::integer(1));
    tree.add(empty, list);
  }
  CHECK(emit_yaml(tree, {}) == "- - 1\n- # c\n  {}\n- - 1\n- # c\n  []\n");
}

TEST_CASE("metadata is the last entry of its document, behind the comments at its end") {
  Document tree;
  for (int i = 0; i < 2; ++i) {
    const NodeId root = tree.add(NodeKind::map, no_node);
    tree.add_scalar(root, "a", Value::integer(i));
    const NodeId comment = tree.add(NodeKind::comment, root);
    tree[comment].text = " end";
    const NodeId lost = tree.add(NodeKind::comment, root);
    tree[lost].text = " lost";
    tree[lost].lost = true;
    const NodeId metadata = tree.add(NodeKind::map, no_node);
    tree[metadata].key = "sops";
    tree.add_scalar(metadata, "version", Value::string("3.13.2"));
    tree.roots.push_back(root);
    tree.metadata.push_back(i == 0 ? metadata : no_node);
  }
  CHECK(emit_yaml(tree, {2}) == "a: 0\n# end\nsops:\n  version: 3.13.2\n---\na: 1\n# end\n");
}

TEST_CASE("indentation outside 2 to 9 is 2, none is 4, a negative one is refused") {
  Document tree;
  const NodeId root = tree.add(NodeKind::map, no_node);
  tree.roots = {root};
  tree.metadata = {no_node};
  const NodeId map = tree.add(NodeKind::map, root);
  tree[map].key = "m";
  tree.add_scalar(map, "k", Value::null());
  for (const auto& [indent, width] : {std::pair{0, 4U}, {1, 2U}, {2, 2U}, {9, 9U}, {10, 2U}}) {
    CHECK(emit_yaml(tree, {indent}) == "m:\n" + std::string(width, ' ') + "k: null\n");
  }
  try {
    emit_yaml(tree, {-1});
    FAIL("not refused");
  } catch (const Error& error) {
    CHECK(error.code() == ExitCode::error_dumping_tree);
    CHECK(std::string(error.what()) == "YAML Negative indentation not accepted");
  }
}

TEST_CASE("10,000 levels are emitted without recursion [P2]") {
  Document tree;
  NodeId at = tree.add(NodeKind::map, no_node);
  tree.roots = {at};
  tree.metadata = {no_node};
  for (int i = 0; i < 10000; ++i) at = tree.add(NodeKind::list, i == 0 ? tree.roots[0] : at);
  CHECK(emit_yaml(tree, {}).ends_with("- []\n"));
}
