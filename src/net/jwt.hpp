// JSON web tokens signed with an RSA key (RFC 7515, RFC 7518 3.3 and 3.5): the assertions by which service accounts and
// client certificates ask for access tokens.
#pragma once

#include <string>
#include <string_view>

namespace leafseal {

enum class JwtSignature { rs256, ps256 };  // PKCS #1 1.5; PSS with a salt of the hash's length

// HEADER.CLAIMS.SIGNATURE. `header` and `claims` are JSON texts; the header names the signature in "alg" itself.
// `private_key` is an RSA key in PEM, PKCS#1 or PKCS#8, without passphrase. Throws Error{generic} that does not quote
// it.
std::string signed_jwt(std::string_view header, std::string_view claims, std::string_view private_key,
                       JwtSignature signature = JwtSignature::rs256);

}  // namespace leafseal
