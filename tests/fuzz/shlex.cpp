// The words of a command line: each word, quoted whole, splits into itself again.
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/process.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leafseal;
  const auto words = split_command({reinterpret_cast<const char*>(data), size});
  if (!words) return 0;
  std::string again;
  for (const std::string& word : *words) {
    again += " \"";
    for (const char c : word) {
      if (c == '"' || c == '\\') again += '\\';
      again += c;
    }
    again += '"';
  }
  if (split_command(again) != words) __builtin_trap();
  return 0;
}
