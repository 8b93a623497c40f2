#include "recipients/age_stream.hpp"

#include <algorithm>

#include "recipients/age.hpp"

namespace leafseal::age {
namespace {

constexpr std::size_t chunk_size = std::size_t{64} << 10;
constexpr std::size_t sealed_chunk_size = chunk_size + tag_size;

// Eleven bytes of counter, big-endian, and the mark of the last chunk.
Nonce chunk_nonce(std::uint64_t counter, bool last) {
  Nonce nonce{};
  for (std::size_t i = 0; i < 8; ++i) nonce[10 - i] = static_cast<std::uint8_t>(counter >> (8 * i));
  nonce[11] = last ? 1 : 0;
  return nonce;
}

}  // namespace

void append_stream(Bytes key, Bytes plaintext, std::string& out) {
  std::uint64_t counter = 0;
  bool last = false;
  while (!last) {
    last = plaintext.size() <= chunk_size;
    const Bytes chunk = plaintext.first(std::min(chunk_size, plaintext.size()));
    chacha_seal(key, chunk_nonce(counter++, last), chunk, out);
    plaintext = plaintext.subspan(chunk.size());
  }
}

SecretBytes open_stream(Bytes key, Bytes sealed) {
  const Error damaged =
      failure("failed to decrypt and authenticate payload chunk, file may be corrupted or tampered with");
  const std::size_t chunks = std::max<std::size_t>(1, (sealed.size() + sealed_chunk_size - 1) / sealed_chunk_size);
  if (sealed.size() < (chunks - 1) * sealed_chunk_size + tag_size) throw damaged;
  SecretBytes out(sealed.size() - chunks * tag_size);
  std::span<std::uint8_t> to = out.bytes();
  for (std::size_t i = 0; i < chunks; ++i) {
    const bool last = i + 1 == chunks;
    const Bytes chunk = sealed.first(std::min(sealed_chunk_size, sealed.size()));
    if (last && i > 0 && chunk.size() == tag_size) throw failure("last chunk is empty");
    const std::size_t opened = chunk.size() - tag_size;
    if (!chacha_open(key, chunk_nonce(i, last), chunk, to.first(opened))) throw damaged;
    to = to.subspan(opened);
    sealed = sealed.subspan(chunk.size());
  }
  return out;
}

}  // namespace leafseal::age
