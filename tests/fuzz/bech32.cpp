// Bech32: whatever decodes encodes to the same text, and the recipients and identities that are made of it never
// crash. Checksums are hard to guess, so the input also serves as the data of a text that is valid.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "leafseal/error.hpp"
#include "recipients/age_bech32.hpp"
#include "recipients/age_identity_file.hpp"
#include "recipients/age_primitives.hpp"
#include "recipients/age_recipient.hpp"

namespace {

void parse(const std::string& text) {
  using namespace leafseal;
  static const Environment environment;
  if (const auto decoded = age::decode_bech32(text))
    if (age::encode_bech32(decoded->prefix, age::bytes_of(decoded->data)) != text) __builtin_trap();
  try {
    check_age_recipient(text, environment);
  } catch (const Error&) {
  }
  for (const age::PerLine per_line : {age::PerLine::one, age::PerLine::several}) {
    try {
      static_cast<void>(age::parse_identities(text, "fuzz", per_line, environment));
    } catch (const Error&) {
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  parse(std::string(reinterpret_cast<const char*>(data), size));
  for (const char* prefix : {"age", "age1x", "age1pq", "AGE-SECRET-KEY-", "AGE-PLUGIN-X-"})
    parse(leafseal::age::encode_bech32(prefix, {data, std::min<std::size_t>(size, 64)}));
  return 0;
}
