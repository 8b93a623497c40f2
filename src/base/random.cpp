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

// A byte beyond the last whole multiple of the alphabet's size is thrown away: a remainder would favour its beginning.
SecretBytes random_text(std::string_view alphabet, std::size_t length) {
  const std::size_t usable = 256 - 256 % alphabet.size();
  SecretBytes text(length);
  for (std::size_t filled = 0; filled < length;) {
    const SecretBytes bytes = random_secret(length - filled);
    for (const std::uint8_t byte : bytes.bytes()) {
      if (byte < usable) text.data()[filled++] = static_cast<std::uint8_t>(alphabet[byte % alphabet.size()]);
    }
  }
  return text;
}

}  // namespace leafseal
