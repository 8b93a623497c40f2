// Which rule covers each of many files, when nobody stands in their directories: the nearest `.sops.yaml` at or above a
// file is asked first, then the one that commands use here. So a check run from the top of a repository sees what the
// configs of its sub-directories ask for. Each config is found and read once.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

#include "leafseal/creation_rules.hpp"

namespace leafseal::config {

struct CoveredFile {
  CoveringRule rule;
  std::string config;  // the config's path, as messages name it
};

class NearestRules {
 public:
  // `here`: the config of the working directory `directory`, or none. `only_here`: no other is asked, because somebody
  // named it.
  NearestRules(std::optional<Config> here, std::string directory, bool only_here, bool strict, Warn warn);

  // Throws Error{generic} for a config that cannot be read, or whose matching rule cannot be found out.
  std::optional<CoveredFile> covering(const std::string& absolute_file);

 private:
  const Config* nearest(const std::string& absolute_file);
  const Config* read(const std::string& directory);

  std::optional<Config> here_;
  std::string directory_;
  bool only_here_;
  bool strict_;
  Warn warn_;
  std::map<std::string, const Config*> by_directory_;
  std::map<std::string, std::unique_ptr<const Config>> configs_;
};

}  // namespace leafseal::config
