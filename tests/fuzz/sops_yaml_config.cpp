// A `.sops.yaml` of any bytes: a config or an Error, and so for the rule of a file.
#include <cstddef>
#include <cstdint>
#include <string>

#include "leafseal/creation_rules.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leafseal;
  try {
    const Config config = parse_config(".sops.yaml", "/r", std::string(reinterpret_cast<const char*>(data), size),
                                       [](const std::string&) {});
    const auto rule = config.rule_for("/r/d/f.yaml");
    if (rule && rule->keys.groups.empty()) __builtin_trap();
  } catch (const Error&) {
  }
  return 0;
}
