#include "crypto/shamir.hpp"

#include <bitset>

#include "base/random.hpp"
#include "leafseal/error.hpp"

namespace leafseal::shamir {
namespace {

using Byte = std::uint8_t;

// The field of AES: polynomials over GF(2) modulo x^8 + x^4 + x^3 + x + 1. Every step is taken whatever the bits are.
Byte multiply(unsigned a, unsigned b) {
  unsigned product = 0;
  for (int bit = 0; bit < 8; ++bit) {
    product ^= a & (0U - (b & 1U));
    const unsigned overflow = 0U - ((a >> 7) & 1U);
    a = ((a << 1) & 0xffU) ^ (overflow & 0x1bU);
    b >>= 1;
  }
  return static_cast<Byte>(product);
}

// a^254, because a^255 is 1 for every a but 0.
Byte inverse(Byte a) {
  Byte power = a;
  for (int i = 0; i < 6; ++i) power = multiply(multiply(power, power), a);
  return multiply(power, power);
}

// What each share counts for at `x`: Lagrange's basis, from the shares' public x alone.
std::vector<Byte> weights_at(Byte x, const std::vector<Byte>& xs) {
  std::vector<Byte> weights;
  weights.reserve(xs.size());
  for (std::size_t i = 0; i < xs.size(); ++i) {
    Byte over = 1;
    Byte under = 1;
    for (std::size_t j = 0; j < xs.size(); ++j) {
      if (i == j) continue;
      over = multiply(over, x ^ xs[j]);
      under = multiply(under, xs[i] ^ xs[j]);
    }
    weights.push_back(multiply(over, inverse(under)));
  }
  return weights;
}

std::vector<Byte> checked_xs(std::span<const SecretBytes> shares) {
  const auto refuse = [](const char* why) { throw Error(ExitCode::generic, why); };
  if (shares.size() < 2) refuse("less than two parts cannot be used to reconstruct the secret");
  if (shares[0].size() < 2) refuse("parts must be at least two bytes");
  std::bitset<256> seen;
  std::vector<Byte> xs;
  for (const SecretBytes& share : shares) {
    if (share.size() != shares[0].size()) refuse("all parts must be the same length");
    const Byte x = share.bytes().back();
    if (x == 0) refuse("a part at x = 0 would be the secret itself");
    if (seen[x]) refuse("duplicate part detected");
    seen.set(x);
    xs.push_back(x);
  }
  return xs;
}

// The values at `x`, into the first bytes of `out`.
void interpolate(std::span<const SecretBytes> shares, Byte x, SecretBytes& out) {
  const std::vector<Byte> weights = weights_at(x, checked_xs(shares));
  for (std::size_t share = 0; share < shares.size(); ++share) {
    for (std::size_t i = 0; i + 1 < shares[share].size(); ++i) {
      out.data()[i] ^= multiply(shares[share].data()[i], weights[share]);
    }
  }
}

void check_numbers(std::size_t secret_size, int parts, int threshold) {
  const auto refuse = [](const char* why) { throw Error(ExitCode::generic, why); };
  if (parts < threshold) refuse("parts cannot be less than threshold");
  if (parts > 255) refuse("parts cannot exceed 255");
  if (threshold < 2) refuse("threshold must be at least 2");
  if (secret_size == 0) refuse("cannot split an empty secret");
}

}  // namespace

std::vector<SecretBytes> split(const SecretBytes& secret, int parts, int threshold) {
  check_numbers(secret.size(), parts, threshold);
  const std::size_t size = secret.size();
  const auto degree = static_cast<std::size_t>(threshold) - 1;
  const SecretBytes coefficients = random_secret(size * degree);  // all of x^1 first, then x^2 ...

  std::vector<SecretBytes> shares;
  shares.reserve(static_cast<std::size_t>(parts));
  for (int part = 1; part <= parts; ++part) {
    const auto x = static_cast<Byte>(part);
    SecretBytes& share = shares.emplace_back(size + 1);
    for (std::size_t i = 0; i < size; ++i) {
      Byte y = 0;
      for (std::size_t power = degree; power-- > 0;) y = multiply(y ^ coefficients.data()[power * size + i], x);
      share.data()[i] = y ^ secret.data()[i];
    }
    share.data()[size] = x;
  }
  return shares;
}

SecretBytes combine(std::span<const SecretBytes> shares) {
  SecretBytes secret(shares.empty() || shares[0].empty() ? 0 : shares[0].size() - 1);
  interpolate(shares, 0, secret);
  return secret;
}

SecretBytes share_at(std::span<const SecretBytes> shares, std::uint8_t x) {
  if (x == 0) throw std::logic_error("no share stands at x = 0");
  SecretBytes share(shares.empty() ? 0 : shares[0].size());
  interpolate(shares, x, share);
  share.bytes().back() = x;
  return share;
}

}  // namespace leafseal::shamir
