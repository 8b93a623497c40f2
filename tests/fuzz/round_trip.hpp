// What every format promises for any bytes at all: parsing answers with a document or an Error; what is accepted and
// sealed comes back byte for byte.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>

#include "leafseal/error.hpp"
#include "support/fixed_key_sealing.hpp"

namespace leafseal::test {

inline int fuzz_round_trip(FormatId id, const std::uint8_t* data, std::size_t size) {
  const Format& format = format_by_id(id);
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    static_cast<void>(open_with_fixed_key(format, text));
  } catch (const Error&) {  // not sealed, or not with the tests' key
  }
  std::string sealed;
  try {
    sealed = seal_with_fixed_key(format, text, {}).text;
  } catch (const Error&) {
    return 0;
  }
  if (open_with_fixed_key(format, sealed) != text) {
    std::cerr << "comes back changed\n";
    std::abort();
  }
  return 0;
}

}  // namespace leafseal::test
