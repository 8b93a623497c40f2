#include "base/random.hpp"

#include <openssl/rand.h>

#include "leafseal/error.hpp"

namespace leafseal {

void random_bytes(std::span<std::uint8_t> out) {
  if (RAND_bytes(out.data(), static_cast<int>(out.size())) != 1) {
    throw Error(ExitCode::generic, "the system's random generator failed",
                {"check that /dev/urandom is there and readable"});
  }
}

SecretBytes random_secret(std::size_t size) {
  SecretBytes secret(size);
  random_bytes(secret.bytes());
  return secret;
}

}  // namespace leafseal
