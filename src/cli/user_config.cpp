#include "cli/user_config.hpp"

#include "base/file.hpp"
#include "leafseal/format.hpp"

namespace leafseal::cli {

bool user_wants_strict(const Environment& environment) {
  const auto configured = environment.variable("XDG_CONFIG_HOME");
  const std::string base = configured ? *configured : environment.home() + "/.config";
  const std::string path = base + "/leafseal/config.yaml";
  if (!base.starts_with('/') || !file_exists(path)) return false;
  try {
    const Document settings = format_by_id(FormatId::yaml).parse(read_file(path), ParseMode::plain);
    if (settings.roots.empty()) return false;
    const NodeId strict = settings.find(settings.roots[0], "strict");
    if (strict == no_node) return false;
    const Node& node = settings[strict];
    if (node.kind == NodeKind::scalar && node.type == ScalarType::boolean) return node.text == "True";
  } catch (const Error& error) {
    throw error.under(ExitCode::generic, path + ": ");
  }
  throw Error(ExitCode::generic, path + ": strict must be true or false");
}

}  // namespace leafseal::cli
