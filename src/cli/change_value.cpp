#include "cli/change_value.hpp"

#include "base/time.hpp"
#include "cli/already_encrypted.hpp"
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

void change_file(Environment& environment, const CommandLine& line, const std::string& file, const Path& path,
                 const Document* value) {
  const std::string absolute = absolute_path(file, environment.directory);
  const auto name = line.anywhere("filename-override");
  const Input input{false, absolute, name ? absolute_path(*name, environment.directory) : absolute};
  const std::optional<Config> config = read_config(environment, line);
  const Stores stores = choose_stores(line, input.name, config);
  if (stores.input != stores.output) {
    throw Error(ExitCode::conflicting_parameters, "a value is changed in the file's own type",
                {"convert the file with decrypt --output-type and encrypt it again"});
  }
  const FileLock lock(absolute);
  OpenedFile opened = open_file(environment, line, input, *stores.input, Purpose::replacing);
  if (value != nullptr) refuse_metadata_name(*stores.input, path);

  const NodeId present = resolve(opened.opened.sealed, opened.opened.sealed.roots.at(0), path);
  if (value == nullptr && present == no_node && line.options.on("idempotent")) return;

  SealOptions options;
  options.now = format_utc(environment.clock());
  options.layout_records = !line.options.on("no-layout") && !(config && !config->layout_records);
  options.warn = warnings_of(environment);
  const std::string text = apply_change(*stores.input, opened.opened, {path, value}, opened.cipher, options);
  if (text == opened.opened.sealed.source()) return;
  write_in_place(environment, absolute, text, Privacy::sealed, opened.state);
}

}  // namespace leafseal::cli
