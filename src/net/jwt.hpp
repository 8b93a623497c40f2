// JSON web tokens signed with RS256 (RFC 7515, RFC 7518 3.3): the assertions by which service accounts and client
// certificates ask for access tokens.
#pragma once

#include <string>
#include <string_view>

namespace leafseal {

// HEADER.CLAIMS.SIGNATURE. `header` and `claims` are JSON texts; the header says "alg":"RS256" itself. `private_key` is
// an RSA key in PEM, PKCS#1 or PKCS#8, without passphrase. Throws Error{generic} that does not quote it.
std::string signed_jwt(std::string_view header, std::string_view claims, std::string_view private_key);

}  // namespace leafseal
