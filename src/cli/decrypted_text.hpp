// An opened file as text: what decrypt prints and exec-file hands to a command.
#pragma once

#include <string>

#include "cli/stores.hpp"
#include "leafseal/sealed_document.hpp"

namespace leafseal::cli {

// The author's text; in canonical form where the output has another type or an indent of its own, or `canonical` asks.
// Throws Error{error_dumping_tree} with the reference's phrases.
std::string decrypted_text(const Environment& environment, OpenedDocument opened, LeafCipher& cipher,
                           const Stores& stores, bool canonical);

// Why a tree could not be emitted, with the advice for those who took a file for a binary one.
Error dumping_failure(const Error& error, const std::string& prefix);

}  // namespace leafseal::cli
