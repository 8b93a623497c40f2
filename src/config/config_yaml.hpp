// The text of `.sops.yaml` as a tree of nodes with places: the one file of ours that talks to yaml-cpp. Scalars get
// the types that the reference's YAML library gives them, which are not always yaml-cpp's (spec: config.md 2).
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "leafseal/error.hpp"

namespace leafseal::config {

enum class YamlType : std::uint8_t { null, boolean, integer, real, timestamp, string, merge, binary, list, map };

struct YamlNode {
  YamlType type = YamlType::null;
  std::string text;                    // of a scalar
  std::vector<const YamlNode*> items;  // of a list; of a map keys and values in turn
  std::size_t line = 0;                // from 1
  std::size_t byte = 0;                // within the line, from 0

  bool is_scalar() const { return type != YamlType::list && type != YamlType::map; }
};

// Aliases are the anchored node itself, so the tree may hold a node many times; it never holds itself.
class YamlTree {
 public:
  // Reads the first document. Throws Error{generic} "yaml: ..." with its place.
  explicit YamlTree(std::string_view text);

  const YamlNode* root() const { return root_; }  // nullptr: an empty text
  Place place(const YamlNode& node) const;

 private:
  friend class YamlTreeBuilder;
  Place place(std::size_t line, std::size_t byte) const;

  std::string text_;
  std::deque<YamlNode> nodes_;
  const YamlNode* root_ = nullptr;
};

// What a plain scalar stands for.
YamlType plain_type(std::string_view text);

}  // namespace leafseal::config
