#include "net/json_fields.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace leafseal {
namespace {

using Json = nlohmann::json;

std::optional<std::size_t> index_of(std::string_view name) {
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), index);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  return index;
}

const Json* member(const Json& value, std::string_view name) {
  if (value.is_object()) {
    const auto found = value.find(std::string(name));
    return found == value.end() ? nullptr : &*found;
  }
  const auto index = index_of(name);
  return value.is_array() && index && *index < value.size() ? &value[*index] : nullptr;
}

const Json* find(const Json* value, JsonFields::Path path) {
  for (const std::string_view name : path) {
    if (value == nullptr) return nullptr;
    value = member(*value, name);
  }
  return value;
}

// dump() goes down by recursion: what is nested deeper than any service nests is not worth a stack.
constexpr int deepest = 64;

bool too_deep(int depth, Json::parse_event_t, Json&) { return depth <= deepest; }

}  // namespace

struct JsonFields::Value {
  std::shared_ptr<const Json> document;  // keeps `json` alive
  const Json* json;
};

JsonFields JsonFields::parse(std::string_view text) {
  JsonFields fields;
  auto document = std::make_shared<const Json>(Json::parse(text, too_deep, false));
  if (!document->is_object()) return fields;
  const Json* json = document.get();
  fields.value_ = std::make_shared<const Value>(Value{std::move(document), json});
  return fields;
}

std::optional<std::string> JsonFields::text(Path path) const {
  const Json* json = value_ ? find(value_->json, path) : nullptr;
  if (json == nullptr || !json->is_string()) return std::nullopt;
  return json->get_ref<const std::string&>();
}

std::optional<std::int64_t> JsonFields::number(Path path) const {
  const Json* json = value_ ? find(value_->json, path) : nullptr;
  if (json == nullptr) return std::nullopt;
  if (json->is_number_integer()) return json->get<std::int64_t>();
  if (!json->is_string()) return std::nullopt;
  const std::string& digits = json->get_ref<const std::string&>();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::vector<std::string> JsonFields::texts(Path path) const {
  std::vector<std::string> texts;
  const Json* json = value_ ? find(value_->json, path) : nullptr;
  if (json == nullptr || !json->is_array()) return texts;
  for (const Json& item : *json) {
    if (item.is_string()) texts.push_back(item.get_ref<const std::string&>());
  }
  return texts;
}

JsonFields JsonFields::object(Path path) const {
  JsonFields fields;
  const Json* json = value_ ? find(value_->json, path) : nullptr;
  if (json != nullptr && json->is_object()) {
    fields.value_ = std::make_shared<const Value>(Value{value_->document, json});
  }
  return fields;
}

std::vector<std::pair<std::string, std::string>> JsonFields::text_members(Path path) const {
  std::vector<std::pair<std::string, std::string>> members;
  const Json* json = value_ ? find(value_->json, path) : nullptr;
  if (json == nullptr || !json->is_object()) return members;
  for (const auto& [name, item] : json->items()) {
    if (item.is_string()) members.emplace_back(name, item.get_ref<const std::string&>());
  }
  return members;
}

std::vector<std::string> JsonFields::names(Path path) const {
  std::vector<std::string> names;
  const Json* json = value_ ? find(value_->json, path) : nullptr;
  if (json == nullptr || !json->is_object()) return names;
  for (const auto& [name, item] : json->items()) names.push_back(name);
  return names;
}

std::optional<std::string> JsonFields::json(Path path) const {
  const Json* json = value_ ? find(value_->json, path) : nullptr;
  if (json == nullptr) return std::nullopt;
  return json->dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string json_string(std::string_view text) {
  return Json(std::string(text)).dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string json_object(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string out = "{";
  for (const auto& [name, value] : members) {
    if (out.size() > 1) out += ',';
    out += json_string(name) + ':' + value;
  }
  return out += '}';
}

}  // namespace leafseal
