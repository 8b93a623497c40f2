#include "cli/kept_edit.hpp"

#include "base/file.hpp"

namespace leafseal::cli {

std::string keep_edit(const Environment& environment, const std::string& file, const std::string& sealed, bool same_type) {
  std::string stem = base_name(file);
  std::string suffix;
  if (const std::size_t dot = stem.rfind('.'); same_type && dot != std::string::npos) {
    suffix = stem.substr(dot);
    stem.resize(dot);
  }
  for (const std::string& directory : {parent_directory(file), environment.variable("TMPDIR").value_or("/tmp")}) {
    for (int number = 1; number < 100; ++number) {
      const std::string path = directory + "/" + stem + ".kept-edit-" + std::to_string(number) + suffix;
      if (file_exists(path)) continue;
      try {
        write_private_file(path, sealed);
        return path;
      } catch (const Error&) {
        break;
      }
    }
  }
  return "";
}

}  // namespace leafseal::cli
