// The outer form of an OpenPGP message in armor (RFC 9580, sections 4.2 and 6.2), without looking into any packet:
// GnuPG opens messages, this only tells whether a text can be one.
#pragma once

#include <string>
#include <string_view>

namespace leafseal {

// What is wrong with the text as a message encrypted to a public key; empty if nothing is.
std::string pgp_message_problem(std::string_view armored);

}  // namespace leafseal
