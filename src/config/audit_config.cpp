#include "config/audit_config.hpp"

#include <span>

#include "config/config_decoder.hpp"
#include "config/config_yaml.hpp"

namespace leafseal::config {
namespace {

using Names = std::span<const std::string_view>;

std::vector<std::string> read_postgres(Decoder& decoder, const YamlNode& list) {
  std::vector<std::string> found;
  for (const YamlNode* item : decoder.items(list, "a list of databases")) {
    std::string connection;
    for (const Field& field : decoder.fields(*item, "a database", Names(), true)) {
      if (field.name == "connection_string") connection = decoder.text(*field.value);
    }
    found.push_back(std::move(connection));
  }
  return found;
}

std::vector<std::string> read_all(Decoder& decoder, const YamlNode& root) {
  std::vector<std::string> found;
  for (const Field& section : decoder.fields(root, "an audit configuration", Names(), true)) {
    if (section.name != "backends") continue;
    for (const Field& backend : decoder.fields(*section.value, "a list of backends", Names(), true)) {
      if (backend.name == "postgres") found = read_postgres(decoder, *backend.value);
    }
  }
  return found;
}

Error no_configuration(const std::string& path, const Place& place) {
  return {ExitCode::generic,
          path + " is no audit configuration",
          place,
          {"write backends: {postgres: [{connection_string: ...}]}"}};
}

}  // namespace

std::vector<std::string> audit_databases(const std::string& path, std::string_view text) {
  try {
    const YamlTree tree(text);
    if (tree.root() == nullptr) return {};
    Decoder decoder(tree);
    std::vector<std::string> found = read_all(decoder, *tree.root());
    if (!decoder.problems().empty()) throw no_configuration(path, decoder.problems().front().place);
    return found;
  } catch (const Error& error) {
    throw no_configuration(path, error.place());
  }
}

}  // namespace leafseal::config
