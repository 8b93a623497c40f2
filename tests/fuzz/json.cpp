#include "fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return leafseal::test::fuzz_round_trip(leafseal::FormatId::json, data, size);
}
