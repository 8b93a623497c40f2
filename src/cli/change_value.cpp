#include "cli/change_value.hpp"

#include <algorithm>

#include "base/time.hpp"
#include "cli/already_encrypted.hpp"
#include "cli/audit.hpp"
#include "cli/creation_rule_check.hpp"
#include "cli/open_file.hpp"
#include "cli/output.hpp"
#include "cli/stores.hpp"

namespace leafseal::cli {
namespace {

// A top-level entry that would pass for metadata.
void refuse_metadata_name(const Format& format, const Path& path) {
  if (path.empty()) return;
  const auto* key = std::get_if<std::string>(&path[0]);
  if (key == nullptr) return;
  if (format.id() == FormatId::dotenv ? key->starts_with("sops_") : *key == "sops") throw already_encrypted();
}

}  // namespace

Path parse_index(const std::string& text, const std::string& name) {
  try {
    const Path path = parse_path(text, ExitCode::invalid_set_format);
    if (!path.empty()) return path;
  } catch (const Error& error) {
    throw error.under(ExitCode::invalid_set_format, "Invalid " + name + " index format: ");
  }
  throw Error(ExitCode::invalid_set_format, "Invalid " + name + " index format: the path is empty",
              {"write a path as '[\"key\"][0]'"});
}

void change_file(Environment& environment, const CommandLine& line, const std::string& file,
                 const std::function<Assignments(FormatId)>& assignments) {
  const std::string absolute = absolute_path(file, environment.directory);
  const auto name = line.anywhere("filename-override");
  const Input input{false, absolute, name ? absolute_path(*name, environment.directory) : absolute};
  const std::optional<Config> config = read_config(environment, line);
  const Stores stores = choose_stores(line, input.name, config);
  if (stores.input != stores.output) {
    throw Error(ExitCode::conflicting_parameters, "a value is changed in the file's own type",
                {"convert the file with decrypt --output-type and encrypt it again"});
  }
  const Assignments wanted = assignments(stores.input->id());
  const FileLock lock(absolute);
  OpenedFile opened = open_file(environment, line, input, *stores.input, Purpose::resealing);
  const Document& sealed = opened.opened.sealed;
  std::vector<Change> changes;
  for (const Assignment& assignment : wanted) {
    if (assignment.value) refuse_metadata_name(*stores.input, assignment.path);
    const bool absent = resolve(sealed, sealed.roots.at(0), assignment.path) == no_node;
    if (!assignment.value && absent && line.options.on("idempotent")) continue;
    changes.push_back({assignment.path, assignment.value ? &*assignment.value : nullptr});
  }

  SealOptions options;
  options.now = format_utc(environment.clock());
  options.layout_records = !line.options.on("no-layout") && !(config && !config->layout_records);
  options.warn = warnings_of(environment);
  const std::string text = apply_changes(*stores.input, opened.opened, changes, opened.cipher, options);
  if (text == sealed.source()) return;
  if (std::any_of(changes.begin(), changes.end(), [](const Change& change) { return change.value != nullptr; })) {
    compare_selection(environment, rule_to_compare(environment, config, absolute), *stores.input, text, opened.cipher);
  }
  audit(environment, AuditedAction::encrypt, absolute);
  write_in_place(environment, absolute, text, Privacy::sealed, opened.state);
}

}  // namespace leafseal::cli
