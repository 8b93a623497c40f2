// The armor of age files: what is read can be written again, and armor of any bytes reads back as those bytes.
#include <cstddef>
#include <cstdint>
#include <string>

#include "leafseal/error.hpp"
#include "recipients/age_armor.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leafseal;
  const std::string text(reinterpret_cast<const char*>(data), size);
  if (age::remove_armor(age::add_armor(text)) != text) __builtin_trap();
  for (const std::string& armored : {text, "-----BEGIN AGE ENCRYPTED FILE-----\n" + text}) {
    try {
      const std::string file = age::remove_armor(armored);
      if (age::remove_armor(age::add_armor(file)) != file) __builtin_trap();
    } catch (const Error&) {
    }
  }
  return 0;
}
