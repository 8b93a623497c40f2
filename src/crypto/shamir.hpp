// Shamir's secret sharing over GF(2^8), one polynomial a byte (spec: format.md 12.1). A share is the secret's length
// plus one: the values of the polynomials, then the x they were taken at, 1 to 255.
//
// Bytes of shares and secrets are multiplied without tables or branches, so that neither caches nor time tell them. The
// x of a share is public.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "leafseal/secret.hpp"

namespace leafseal::shamir {

// `parts` shares at x = 1, 2, ..., any `threshold` of which give the secret. Throws Error{generic} with the reference's
// phrases when the numbers do not fit (2 <= threshold <= parts <= 255).
std::vector<SecretBytes> split(const SecretBytes& secret, int parts, int threshold);

// The secret. Uses all shares; fewer than the threshold give a wrong secret without notice. Throws Error{generic} on
// shares that do not belong together.
SecretBytes combine(std::span<const SecretBytes> shares);

// The share at `x` of the polynomials through `shares`, of which there must be the threshold at least: how groups whose
// share was not recovered get the same share again.
SecretBytes share_at(std::span<const SecretBytes> shares, std::uint8_t x);

}  // namespace leafseal::shamir
