// Configs for tests: a throw-away folder, loading from a text, and what a refusal looked like.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "leafseal/creation_rules.hpp"

namespace config_fixture {

using Ids = std::vector<std::string>;

struct Folder {
  std::string path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "leafseal-config-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
  void write(const std::string& name, const std::string& text) const {
    const std::filesystem::path file = std::filesystem::path(path) / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
  }
};

// A config as if it stood in /r.
struct Loaded {
  Ids warnings;
  leafseal::Config config;
  explicit Loaded(const std::string& text)
      : config(leafseal::parse_config(".sops.yaml", "/r", text,
                                      [this](const std::string& warning) { warnings.push_back(warning); })) {}
};

struct Refusal {
  leafseal::ExitCode code = leafseal::ExitCode::ok;
  std::string message;
  leafseal::Place place;
  Ids hints;
};

inline Refusal refusal(const std::string& text, const std::string& file = "/r/f.yaml") {
  try {
    Loaded(text).config.rule_for(file);
  } catch (const leafseal::Error& error) {
    return {error.code(), error.what(), error.place(), error.hints()};
  }
  return {};
}

inline Ids ids(const leafseal::KeyGroup& group) {
  Ids result;
  for (const leafseal::RecipientEntry& entry : group.entries) result.push_back(entry.id());
  return result;
}

}  // namespace config_fixture
