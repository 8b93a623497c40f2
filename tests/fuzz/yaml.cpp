#include "fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // UTF-16 comes back as UTF-8: the one exception to what is promised.
  if (size >= 2 && (data[0] ^ data[1]) == 0x01 && (data[0] | 0x01) == 0xff) return 0;
  return leafseal::test::fuzz_round_trip(leafseal::FormatId::yaml, data, size);
}
