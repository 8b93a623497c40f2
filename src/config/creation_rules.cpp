#include "leafseal/creation_rules.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/descriptor.hpp"
#include "base/file.hpp"
#include "config/config_model.hpp"
#include "config/made_rule.hpp"

namespace leafseal {
namespace {

constexpr std::size_t config_limit = std::size_t{1} << 20;

// Not read_file: a config may be /dev/null or a pipe, and its errors have phrases of their own.
std::string read_config(const std::string& shown, const std::string& path) {
  const auto refuse = [&](const std::string& what) {
    const std::string why = reason(errno);
    throw Error(ExitCode::generic, "could not read config file: " + what + " " + quoted(shown) + ": " + why);
  };
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) refuse("open");
  std::string text;
  if (!read_all(file.get(), text, config_limit)) refuse("read");
  if (text.size() > config_limit) {
    throw Error(ExitCode::generic, "error loading config: " + quoted(shown) + " is larger than 1 MiB");
  }
  return text;
}

const config::RuleModel* matching_rule(const config::Model& model, std::string_view path) {
  for (const config::RuleModel& rule : *model.rules) {
    if (config::taken_part(model, rule, path)) return &rule;
  }
  return nullptr;
}

void warn_of_unknown_keys(const config::Decoder& decoder, const std::string& path, const Warn& warn) {
  constexpr std::size_t limit = 20;
  if (!warn) return;
  const std::vector<config::Remark>& unknown = decoder.unknown_keys();
  for (std::size_t i = 0; i < std::min(unknown.size(), limit); ++i) {
    warn(quoted(path) + ":" + std::to_string(unknown[i].place.line) + ":" + std::to_string(unknown[i].place.column) +
         ": " + unknown[i].text);
  }
}

std::string working_directory() {
  std::string path(4096, '\0');
  if (getcwd(path.data(), path.size()) == nullptr) return "/";
  path.resize(std::strlen(path.c_str()));
  return path;
}

}  // namespace

Config load_config(const std::string& path, const Warn& warn, const std::string& directory) {
  const std::string absolute = absolute_path(path, directory.empty() ? working_directory() : directory);
  return parse_config(path, absolute.substr(0, absolute.rfind('/')), read_config(path, absolute), warn);
}

Config parse_config(std::string path, std::string directory, std::string text, const Warn& warn) {
  Config config;
  config.path = std::move(path);
  config.directory = std::move(directory);
  config.text = std::move(text);
  try {
    auto model = [&] {
      try {
        return std::make_shared<config::Model>(config.text);
      } catch (const Error& error) {
        throw error.under(error.code(), "error loading config: Could not unmarshal config file: ");
      }
    }();
    config::Decoder decoder(model->tree);
    config::read_model(*model, decoder);
    warn_of_unknown_keys(decoder, config.path, warn);
    decoder.finish();
    config.stores = model->stores;
    config.layout_records = model->layout_records;
    config.has_rules = model->rules.has_value();
    config.model = std::move(model);
  } catch (const Error& error) {
    throw config::with_location(error, config.path);
  }
  return config;
}

std::string_view Config::subject(std::string_view absolute_file) const {
  const std::string prefix = directory == "/" ? directory : directory + "/";
  if (absolute_file.starts_with(prefix)) absolute_file.remove_prefix(prefix.size());
  return absolute_file;
}

std::optional<CoveringRule> Config::covering_rule(const std::string& absolute_file) const {
  if (!has_rules) return std::nullopt;
  try {
    const config::RuleModel* rule = matching_rule(*model, subject(absolute_file));
    if (rule == nullptr) return std::nullopt;
    CoveringRule covering{{}, model->tree.place(*rule->node), rule->path_regex.empty()};
    if (!rule->selectors.empty()) covering.selection = rule->selectors[0].rule;
    return covering;
  } catch (const Error& error) {
    throw config::with_location(error, path);
  }
}

std::optional<CreationRule> Config::rule_for(const std::string& absolute_file) const {
  if (!has_rules) return std::nullopt;
  const std::string_view subject = this->subject(absolute_file);
  try {
    const config::RuleModel* rule = matching_rule(*model, subject);
    if (rule == nullptr) {
      throw Error(ExitCode::generic, "error loading config: no matching creation rules found",
                  {"no path_regex in " + quoted(path) + " is found in " + quoted(subject) +
                   "; a last rule without path_regex takes every other file"});
    }
    return config::made_rule(*model, *rule);
  } catch (const Error& error) {
    throw config::with_location(error, path);
  }
}

}  // namespace leafseal
