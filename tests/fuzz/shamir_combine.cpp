// Shares of any shape: combining them gives a secret or an Error, and shares derived from them agree with them.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "crypto/shamir.hpp"
#include "leafseal/error.hpp"

using namespace leafseal;

// The first byte is the length of the shares, the rest are shares one after another; the last may be short.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::size_t length = std::size_t{data[0]} + 1;
  std::vector<SecretBytes> shares;
  for (std::size_t at = 1; at < size && shares.size() < 16; at += length) {
    shares.push_back(SecretBytes::copy_of(std::span(data + at, std::min(length, size - at))));
  }
  try {
    const SecretBytes secret = shamir::combine(shares);
    if (secret.size() + 1 != shares[0].size()) std::abort();
    for (const SecretBytes& share : shares) {
      if (!(shamir::share_at(shares, share.bytes().back()) == share)) std::abort();
    }
  } catch (const Error&) {
    return 0;
  }
  return 0;
}
