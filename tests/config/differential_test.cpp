// 300 configs, good and bad, against what the reference's own code answered (testdata/config/README.md).
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "leafseal/creation_rules.hpp"

using namespace leafseal;
using nlohmann::json;

namespace {

const std::string folder = TESTDATA "/config";

json parsed(const std::string& name) {
  std::ifstream file(folder + "/" + name);
  return json::parse(file);
}

json described(const CreationRule& rule) {
  json out;
  for (const KeyGroup& group : rule.keys.groups) {
    json ids = json::array();
    for (const RecipientEntry& entry : group.entries) {
      ids.push_back(std::string(kind_name(entry.kind)) + " " + entry.id());
    }
    out["groups"].push_back(ids);
  }
  if (rule.keys.threshold != 0) out["threshold"] = rule.keys.threshold;
  for (const SelectionRule& selection : rule.selections) {
    out["selectors"][std::string(selection_field(selection.kind))] = selection.pattern;
  }
  if (rule.mac_only_encrypted) out["mac_only_encrypted"] = true;
  return out;
}

// What we make of a config, in the words of expected.json.
json outcome(const std::string& name, const std::string& file) {
  try {
    const Config config = load_config(name + ".yaml", nullptr, folder);
    const auto rule = config.rule_for(file.starts_with('/') ? file : folder + "/" + file);
    json out = rule ? described(*rule) : json{{"no_rules", true}};
    out["stores"] = {config.stores.yaml_indent.value_or(0), config.stores.json_indent.value_or(-1),
                     config.stores.json_binary_indent.value_or(-1)};
    return out;
  } catch (const Error& error) {
    return {{"error", error.what()}};
  }
}

// Of errors of YAML's syntax only the beginning is the reference's: the parsers differ.
std::string comparable(std::string message) {
  static const std::string syntax = "Could not unmarshal config file: yaml: ";
  const std::size_t at = message.find(syntax);
  if (at == std::string::npos || message.find("unmarshal errors", at) != std::string::npos ||
      message.find("map merge", at) != std::string::npos) {
    return message;
  }
  return message.substr(0, at + syntax.size());
}

}  // namespace

TEST_CASE("configs mean what they mean to the reference") {
  const json expected = parsed("expected.json");
  const json differences = parsed("differences.json");
  REQUIRE(expected.size() >= 100);
  for (const auto& [name, value] : expected.items()) {
    INFO(name);
    json want = differences.contains(name) ? differences[name]["leafseal"] : value;
    json got = outcome(name, value.value("file", "f.yaml"));
    want.erase("file");
    if (want.contains("error")) want = {{"error", comparable(want["error"])}};
    if (got.contains("error")) got["error"] = comparable(got["error"]);
    CHECK(got == want);
    if (differences.contains(name)) CHECK(got != value);  // a difference that is none any more must go from the list
  }
}

TEST_CASE("every config of the folder has its answer") {
  const json expected = parsed("expected.json");
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    if (file.path().extension() != ".yaml") continue;
    ++files;
    CHECK(expected.contains(file.path().stem().string()));
  }
  CHECK(files == expected.size());
}
