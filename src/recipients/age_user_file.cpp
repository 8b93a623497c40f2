#include "recipients/age_user_file.hpp"

namespace leafseal::age {
namespace {

constexpr const char* place = "sops/age/keys.txt";

}  // namespace

std::string below(std::string directory, const char* rest) {
  while (directory.ends_with('/')) directory.pop_back();
  return directory + "/" + rest;
}

UserFile user_file(const Environment& environment) {
  const std::string xdg = environment.variable("XDG_CONFIG_HOME").value_or("");
#ifdef __APPLE__
  if (!xdg.empty()) return {below(xdg, place), {}};
  if (environment.home().empty()) return {{}, "$HOME is not defined"};
  return {below(environment.home() + "/Library/Application Support", place), {}};
#else
  if (xdg.starts_with('/')) return {below(xdg, place), {}};
  if (!xdg.empty()) return {{}, "path in $XDG_CONFIG_HOME is relative"};
  if (environment.home().empty()) return {{}, "neither $XDG_CONFIG_HOME nor $HOME are defined"};
  return {below(environment.home() + "/.config", place), {}};
#endif
}

}  // namespace leafseal::age
