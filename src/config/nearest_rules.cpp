#include "config/nearest_rules.hpp"

#include <vector>

#include "base/file.hpp"

namespace leafseal::config {
namespace {

constexpr std::string_view config_name = "/.sops.yaml";

}  // namespace

NearestRules::NearestRules(std::optional<Config> here, std::string directory, bool only_here, bool strict, Warn warn)
    : here_(std::move(here)),
      directory_(std::move(directory)),
      only_here_(only_here),
      strict_(strict),
      warn_(std::move(warn)) {}

std::optional<CoveredFile> NearestRules::covering(const std::string& absolute_file) {
  const Config* near = only_here_ ? nullptr : nearest(absolute_file);
  const Config* const here = here_ ? &*here_ : nullptr;
  for (const Config* config : {near, here}) {
    if (config == nullptr) continue;
    if (auto rule = config->covering_rule(absolute_file)) return CoveredFile{*std::move(rule), config->path};
  }
  return std::nullopt;
}

const Config* NearestRules::nearest(const std::string& absolute_file) {
  std::vector<std::string> passed;
  const Config* found = nullptr;
  for (std::string at = parent_directory(absolute_file);; at = parent_directory(at)) {
    if (const auto known = by_directory_.find(at); known != by_directory_.end()) {
      found = known->second;
      break;
    }
    passed.push_back(at);
    if (file_exists((at == "/" ? "" : at) + std::string(config_name))) {
      found = read(at);
      break;
    }
    if (at == "/") break;
  }
  for (const std::string& directory : passed) by_directory_[directory] = found;
  return found;
}

const Config* NearestRules::read(const std::string& directory) {
  if (here_ && here_->directory == directory) return &*here_;
  std::string shown = directory + std::string(config_name);
  if (shown.starts_with(directory_ + "/")) shown.erase(0, directory_.size() + 1);
  find_config(directory, strict_, warn_);  // for what it says of the config's owner
  return (configs_[directory] = std::make_unique<const Config>(load_config(shown, warn_, directory_))).get();
}

}  // namespace leafseal::config
