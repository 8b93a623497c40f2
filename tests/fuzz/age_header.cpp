// The header of an age file, and what identities of every native kind make of its stanzas. The first line of the input
// is completed, so that a fuzzer need not guess it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "leafseal/error.hpp"
#include "recipients/age.hpp"
#include "recipients/age_header.hpp"
#include "recipients/age_x25519.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leafseal;
  static const auto identity = age::parse_x25519_identity(
      "AGE-SECRET-KEY-1UXLZAZPRFE9LHLXXL2VHZTDS9TUEGSUNTW0G6JCN6VJ9NYH90HESU2EUVA");  // of the golden set
  age::Identity* const identities[] = {identity.get()};
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const std::string& file : {text, "age-encryption.org/v1\n" + text}) {
    try {
      const age::Header header = age::parse_header(file);
      const std::uint8_t file_key[16] = {};
      const std::string written = age::write_header(header.stanzas, file_key);
      if (age::parse_header(written).stanzas != header.stanzas) __builtin_trap();  // writing and reading agree
      // Reading is strict: there is one way to write a header.
      if (written.substr(0, header.authenticated.size()) != header.authenticated) __builtin_trap();
      static_cast<void>(age::decrypt(file, identities));
    } catch (const Error&) {
    }
  }
  return 0;
}
