#include "cli/stores.hpp"

#include <algorithm>

#include "base/file.hpp"

namespace leafseal::cli {
namespace {

// What is taken for a word and meant as a flag (--output, --ignore-mac) changes where plaintext goes: always said.
void warn_of_more_words(const Environment& environment, const Options& options) {
  if (options.words.size() < 2) return;
  environment.warn_secrecy("More than one positional argument provided. Only the first one will be used!");
  for (std::size_t i = 1; i < options.words.size(); ++i) {
    std::string_view word = options.words[i];
    if (!word.starts_with('-')) continue;
    const std::string text =
        "Note that one of the ignored positional argument is \"" + quoted(word) +
        "\", which looks like a flag. Flags must always be provided before the first positional argument!";
    word.remove_prefix(std::min(word.find_first_not_of('-'), word.size()));
    const std::string_view meant = nearest_flag(options.flags(), word.substr(0, word.find('=')));
    environment.warn_secrecy(meant.empty() ? text : text + " Did you mean --" + std::string(meant) + "?");
    return;
  }
}

std::optional<int> configured_indent(FormatId format, const StoresConfig& stores) {
  switch (format) {
    case FormatId::yaml: return stores.yaml_indent;
    case FormatId::json: return stores.json_indent;
    case FormatId::binary: return stores.json_binary_indent;
    default: return std::nullopt;
  }
}

}  // namespace

Input choose_input(const Environment& environment, const CommandLine& line, bool may_be_stdin) {
  const Options& options = line.options;
  warn_of_more_words(environment, options);
  Input input;
  const bool none = options.words.empty();
  const std::string word = none ? "" : options.words[0];
  input.path = absolute_path(word, environment.directory);
  input.from_stdin = may_be_stdin && (none || (word == "-" && !file_exists(input.path)));
  if (none && !may_be_stdin) {
    throw Error(ExitCode::no_file_specified, "no file specified",
                {"`" + environment.program + " --help` shows how commands are called"});
  }
  if (input.from_stdin) input.path.clear();
  const auto name = line.anywhere("filename-override");
  input.name = name ? absolute_path(*name, environment.directory) : input.path;
  return input;
}

void require_existing(const Input& input) {
  if (input.from_stdin || file_exists(input.path)) return;
  throw Error(ExitCode::no_file_specified, "cannot operate on non-existent file \"" + quoted(input.path) + "\"");
}

std::optional<Config> read_config(const Environment& environment, const CommandLine& line) {
  const Warn secrecy = [&](const std::string& text) { environment.warn_secrecy(text); };
  std::string path = line.anywhere("config").value_or("");
  if (path.empty()) path = find_config(environment.directory, environment.strict, secrecy);
  if (path.empty()) return std::nullopt;
  return load_config(path, warnings_of(environment), environment.directory);
}

Stores choose_stores(const CommandLine& line, const std::string& name, const std::optional<Config>& config) {
  const auto by_flag = [&](std::string_view flag) -> const Format* {
    const auto type = line.anywhere(flag);
    return type ? format_by_name(*type) : nullptr;
  };
  const Format* by_name = &format_for_file(name);
  const Format* input = by_flag("input-type");
  const Format* output = by_flag("output-type");
  Stores stores{input != nullptr ? input : by_name, output != nullptr ? output : by_name, {}};
  if (config) stores.emit.indent = configured_indent(stores.output->id(), config->stores);
  if (const auto indent = line.global.number("indent")) {
    stores.emit.indent = indent;
    stores.indent_asked = true;
  }
  return stores;
}

Error in_file(const Error& error, ExitCode code, const std::string& prefix, const std::string& name) {
  return {code, prefix + error.what() + " in " + (name.empty() ? "stdin" : quoted(name)), error.place(), error.hints()};
}

Document parse_plain(const Format& format, std::string text, const std::string& name) {
  try {
    return format.parse(std::move(text), ParseMode::plain);
  } catch (const Error& error) {
    if (error.code() == ExitCode::no_document) throw;
    const bool syntax = error.code() == ExitCode::could_not_read_input;
    throw in_file(error, error.code(), syntax ? "Error unmarshalling file: " : "", name);
  }
}

Document parse_sealed(const Format& format, std::string text, const std::string& name) {
  try {
    return format.parse(std::move(text), ParseMode::sealed);
  } catch (const Error& error) {
    if (error.code() == ExitCode::no_document) return Document();  // and so without metadata
    const bool syntax = error.code() == ExitCode::could_not_read_input;
    throw in_file(error, syntax ? ExitCode::generic : error.code(), "", name);
  }
}

Warn warnings_of(const Environment& environment) {
  return [&environment](const std::string& text) { environment.warn(text); };
}

}  // namespace leafseal::cli
