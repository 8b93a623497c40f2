#include "seal/layout_records.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "base/base64.hpp"
#include "base/utf8.hpp"
#include "leafseal/token.hpp"
#include "seal/open_leaf.hpp"

namespace leafseal {
namespace {

using nlohmann::json;

constexpr std::array<std::string_view, 4> kind_names = {"value", "tag", "alias", "comment"};
constexpr int layout_version = 1;

// JSON holds only UTF-8; the formats that allow other bytes get them as {"base64": ...}.
json to_json(const std::string& text) {
  if (utf8::find_invalid(text) == std::string_view::npos) return text;
  return {{"base64", base64::encode(text)}};
}

std::string text_from(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  std::string bytes;
  if (base64::decode(value.at("base64").get_ref<const std::string&>(), bytes)) throw std::invalid_argument("base64");
  return bytes;
}

std::string step_of(std::string_view key, std::size_t duplicate) {
  const json name = to_json(std::string(key));
  return duplicate == 0 ? name.dump() : json::array({name, duplicate}).dump();
}

std::string child_key(NodeId parent, const std::string& step) { return std::to_string(parent) + "/" + step; }

}  // namespace

std::string encode_layout(const LayoutRecords& records) {
  if (records.empty()) return {};
  std::string out = "{\"v\":" + std::to_string(layout_version) + ",\"nodes\":[";
  for (const LayoutRecord& record : records) {
    if (&record != records.data()) out += ',';
    out += "[" + std::to_string(record.address.document) + ",[";
    for (const std::string& step : record.address.steps) {
      if (&step != record.address.steps.data()) out += ',';
      out += step;
    }
    out.append("],\"").append(kind_names[static_cast<std::size_t>(record.kind)]).append("\",");
    out += to_json(record.text).dump() + "]";
  }
  return out + "]}";
}

LayoutRecords decode_layout(std::string_view text, const Warn& warn) {
  LayoutRecords records;
  try {
    const json layout = json::parse(text);
    if (layout.at("v") != layout_version) {
      if (warn) warn("the layout records of this file are of a newer version and are not used");
      return {};
    }
    for (const json& node : layout.at("nodes")) {
      LayoutRecord record;
      record.address.document = node.at(0).get<std::size_t>();
      for (const json& step : node.at(1)) record.address.steps.push_back(step.dump());
      const std::string& kind = node.at(2).get_ref<const std::string&>();
      const auto known = std::find(kind_names.begin(), kind_names.end(), kind);
      if (known == kind_names.end()) continue;
      record.kind = static_cast<RecordKind>(known - kind_names.begin());
      record.text = text_from(node.at(3));
      records.push_back(std::move(record));
    }
  } catch (const std::exception&) {
    if (warn) warn("the layout records of this file cannot be read and are not used");
    return {};
  }
  return records;
}

LayoutRecords read_layout(const OpenedDocument& opened, LeafCipher& cipher, const Warn& warn) {
  if (opened.metadata.layout.empty()) return {};
  OpenFailure failure;
  const auto value = open_leaf(cipher, opened.metadata.layout, layout_associated_data, failure);
  if (!value) {
    if (warn) warn("the layout records of this file do not open and are not used");
    return {};
  }
  return decode_layout(value->text, warn);
}

void Addresses::list(NodeId parent) const {
  if (listed_[parent]) return;
  listed_[parent] = true;
  const bool is_list = document_[parent].kind == NodeKind::list;
  std::size_t items = 0;
  std::unordered_map<std::string_view, std::size_t> duplicates;
  NodeId before = parent;
  for (NodeId at = document_[parent].first_child; at != no_node; at = document_[at].next) {
    if (document_[at].kind == NodeKind::comment) {
      owner_[at] = before;
      continue;
    }
    step_[at] = is_list ? std::to_string(items++) : step_of(document_[at].key, duplicates[document_[at].key]++);
    children_.emplace(child_key(parent, step_[at]), at);
    before = at;
  }
}

Address Addresses::of(NodeId node) const {
  Address address;
  NodeId at = node;
  if (document_[node].kind == NodeKind::comment) {
    list(document_[node].parent);
    at = owner_.at(node);
  }
  for (; document_[at].parent != no_node; at = document_[at].parent) {
    list(document_[at].parent);
    address.steps.push_back(step_[at]);
  }
  std::reverse(address.steps.begin(), address.steps.end());
  address.document = static_cast<std::size_t>(
      std::find(document_.roots.begin(), document_.roots.end(), at) - document_.roots.begin());
  return address;
}

NodeId Addresses::at(const Address& address) const {
  if (address.document >= document_.roots.size()) return no_node;
  NodeId at = document_.roots[address.document];
  for (const std::string& step : address.steps) {
    if (document_[at].kind != NodeKind::map && document_[at].kind != NodeKind::list) return no_node;
    list(at);
    const auto found = children_.find(child_key(at, step));
    if (found == children_.end()) return no_node;
    at = found->second;
  }
  return at;
}

NodeId Addresses::comment_at(const Address& address) const {
  const NodeId node = at(address);
  if (node == no_node) return no_node;
  const NodeId candidate = document_[node].kind == NodeKind::map ? document_[node].first_child : document_[node].next;
  return candidate != no_node && document_[candidate].kind == NodeKind::comment ? candidate : no_node;
}

}  // namespace leafseal
