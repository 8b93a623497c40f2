// The files that `init` calls secret: all in a folder secrets/, files called secrets.something, and files with .enc. in
// their names. The same thrice: for .sops.yaml, for git, and as an example.
#pragma once

#include <array>
#include <string_view>

namespace leafseal::cli {

inline constexpr std::string_view secret_path_regex = R"((^|/)secrets(/|\.)|\.enc\.)";
inline constexpr std::array<std::string_view, 3> secret_attribute_patterns = {"**/secrets/**", "secrets.*", "*.enc.*"};
inline constexpr std::string_view secret_example = "secrets.yaml";

}  // namespace leafseal::cli
