#include "document/flatten.hpp"

#include <catch2/catch.hpp>

using namespace leafseal;

namespace {

// A tree as text: {a={..},b=[..]} with scalars as they are.
std::string shown(const Document& document, NodeId node) {
  const Node& at = document[node];
  if (at.kind == NodeKind::scalar) return std::string(at.text);
  std::string out = at.kind == NodeKind::map ? "{" : "[";
  for (NodeId child = at.first_child; child != no_node; child = document[child].next) {
    if (out.size() > 1) out += ",";
    if (at.kind == NodeKind::map) out += std::string(document[child].key) + "=";
    out += shown(document, child);
  }
  return out + (at.kind == NodeKind::map ? "}" : "]");
}

NodeId grown(Document& document, const std::vector<std::string>& keys) {
  std::vector<FlatEntry> entries;
  for (const std::string& key : keys) {
    const NodeId id = document.add(NodeKind::scalar, no_node);
    document[id].text = document.keep(std::to_string(entries.size()));
    entries.push_back({key, id});
  }
  return unflatten(document, entries);
}

}  // namespace

// The keys and the phrases are those of the reference's stores/flatten_test.go and of running it.
TEST_CASE("flat keys grow into sorted trees", "[flatten]") {
  struct Row {
    std::vector<std::string> keys;
    std::string tree;
  };
  const std::vector<Row> rows = {
      {{}, "{}"},
      {{"b", "a"}, "{a=1,b=0}"},
      {{"a__map_c", "a__map_b"}, "{a={b=1,c=0}}"},
      {{"a__list_1", "a__list_0__map_x"}, "{a=[{x=1},0]}"},
      {{"a__list_0__list_0"}, "{a=[[0]]}"},
      {{"a__list_x"}, "{a=[0]}"},
      {{"a_b__c", "___map_x"}, "{_={x=1},a_b__c=0}"},
      {{"", "a__map_"}, "{=0,a={=1}}"},
  };
  for (const Row& row : rows) {
    Document document;
    CHECK(shown(document, grown(document, row.keys)) == row.tree);
  }
}

TEST_CASE("flat keys that contradict each other are refused", "[flatten][P5]") {
  struct Row {
    std::vector<std::string> keys;
    std::string reason;
  };
  const std::vector<Row> rows = {
      {{"a", "a"}, "Error while unflattening \"a\": Duplicate value"},
      {{"a", "a__map_b"}, "Error while unflattening: Type mismatch"},
      {{"a__list_0", "a__map_b"}, "Error while unflattening: Type mismatch"},
      {{"a__list_1"}, "Error while unflattening: Incomplete list"},
      {{"a__list_0", "a__list_2"}, "Error while unflattening: Incomplete list"},
      {{"a__list_-1", "a__list_0"}, "Error while unflattening: Incomplete list"},
      {{"a__list_99999999999999999999"}, "Error while unflattening: Incomplete list"},
  };
  for (const Row& row : rows) {
    Document document;
    CHECK_THROWS_WITH(grown(document, row.keys), row.reason);
  }
}

TEST_CASE("trees flatten in their order, without the empty ones", "[flatten]") {
  Document document;
  const NodeId root =
      grown(document, {"age__list_0__map_enc", "age__list_10", "age__list_1", "kms__list_0__map_context__map_a",
                       "age__list_2", "age__list_3", "age__list_4", "age__list_5", "age__list_6", "age__list_7",
                       "age__list_8", "age__list_9", "mac"});
  document[document.add(NodeKind::list, root)].key = "pgp";
  std::string keys;
  for (const FlatEntry& entry : flatten(document, root)) keys += entry.key + " ";
  CHECK(keys ==
        "age__list_0__map_enc age__list_1 age__list_2 age__list_3 age__list_4 age__list_5 age__list_6 age__list_7 "
        "age__list_8 age__list_9 age__list_10 kms__list_0__map_context__map_a mac ");
  document[document.add(NodeKind::scalar, root)].key = "age__list_1";
  CHECK_THROWS_WITH(flatten(document, root), "Found key collision \"age__list_1\" while flattening");
}

TEST_CASE("flat keys may be deep", "[flatten][P2]") {
  std::string key = "a";
  for (int i = 0; i < 100'000; ++i) key += "__map_b";
  Document document;
  const NodeId root = grown(document, {key});
  CHECK(flatten(document, root).at(0).key == key);
}
