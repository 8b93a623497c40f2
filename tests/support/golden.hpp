// The golden corpus: files that the reference wrote (testdata/README.md).
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace leafseal::testing {

inline std::string read_text(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("cannot read " + path.string());
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

// `plain`, `encrypted` or `decrypted` of a case, whatever its suffix.
inline std::string read_part(const std::filesystem::path& folder, const std::string& stem) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().stem() == stem) return read_text(entry.path());
  }
  throw std::runtime_error("no " + stem + " in " + folder.string());
}

// The folders of all cases whose name begins with `prefix`.
inline std::vector<std::filesystem::path> golden_cases(const std::string& prefix) {
  std::vector<std::filesystem::path> out;
  for (const auto& entry : std::filesystem::directory_iterator(std::string(TESTDATA) + "/golden/cases")) {
    if (entry.path().filename().string().starts_with(prefix)) out.push_back(entry.path());
  }
  return out;
}

}  // namespace leafseal::testing
