// A Document from the JSON description that the emission cases in testdata/emit use (its README defines it): trees
// with comments at chosen places, made without any parser of ours.
#pragma once

#include <deque>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/base64.hpp"
#include "leafseal/document.hpp"

namespace leafseal::test {

inline std::string from_base64(const nlohmann::json& text) {
  std::string out;
  base64::decode(text.get<std::string>(), out);
  return out;
}

inline Value described_scalar(const nlohmann::json& d) {
  if (d.contains("s")) return Value::string(d["s"]);
  if (d.contains("b")) return Value::string(from_base64(d["b"]));
  if (d.contains("i")) return {ScalarType::integer, d["i"]};
  if (d.contains("f")) return {ScalarType::floating, d["f"]};
  if (d.contains("t")) return Value::boolean(d["t"]);
  if (d.contains("d")) return {ScalarType::time, d["d"]};
  return Value::null();
}

// Adds the described node below `parent`; returns its id.
inline NodeId add_described(Document& tree, NodeId parent, const nlohmann::json& description) {
  std::deque<std::pair<NodeId, const nlohmann::json*>> open{{parent, &description}};
  NodeId first = no_node;
  while (!open.empty()) {
    const auto [above, d] = open.front();
    open.pop_front();
    NodeId id = no_node;
    if (d->contains("C") || d->contains("I")) {
      id = tree.add(NodeKind::comment, above);
      tree[id].inline_comment = d->contains("I");
      tree[id].text = tree.keep((*d)[d->contains("I") ? "I" : "C"].get<std::string>());
    } else if (d->contains("map") || d->contains("list")) {
      const bool map = d->contains("map");
      id = tree.add(map ? NodeKind::map : NodeKind::list, above);
      for (const nlohmann::json& child : (*d)[map ? "map" : "list"]) open.emplace_back(id, &child);
    } else {
      id = tree.add_scalar(above, {}, described_scalar(*d));
    }
    if (d->contains("k")) tree[id].key = tree.keep((*d)["k"].get<std::string>());
    if (d->contains("kb")) tree[id].key = tree.keep(from_base64((*d)["kb"]));
    if (first == no_node) first = id;
  }
  return first;
}

}  // namespace leafseal::test
