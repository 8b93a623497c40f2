// The reference's vectors: testdata/vectors/vectors.json, read once.
#pragma once

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "base/base64.hpp"
#include "leafseal/secret.hpp"

namespace leafseal::test {

inline const nlohmann::json& vectors() {
  static const nlohmann::json all = nlohmann::json::parse(std::ifstream(TESTDATA "/vectors/vectors.json"));
  return all;
}

inline std::string from_hex(const std::string& hex) {
  std::string out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  return out;
}

inline std::string from_base64(const std::string& text) {
  std::string out;
  base64::decode(text, out);
  return out;
}

inline SecretBytes key_of(const nlohmann::json& vector, const char* member) {
  return SecretBytes::copy_of(from_hex(vector.at(member).get<std::string>()));
}

}  // namespace leafseal::test
