// The audit log (spec: recipients.md 12): where /etc/sops/audit.yaml is, every sealing, opening and rotation of a file
// is a row in the databases that it names. The row comes first: when it cannot be written, nothing is printed and no
// file is changed. Without that file nothing is opened and no library loaded. Nothing but that file says where rows go.
#pragma once

#include <cstdint>
#include <string>

#include "leafseal/environment.hpp"

namespace leafseal::cli {

enum class AuditedAction : std::uint8_t { encrypt, decrypt, rotate };

// `path`: of the file; empty for standard input, which is recorded as the working directory. Throws
// Error{generic}; no password is in what it says (security.md L3). Safe to call from several threads.
void audit(const Environment& environment, AuditedAction action, const std::string& path);

// Closes the connections: before a command of the user's takes over for hours.
void end_audit();

}  // namespace leafseal::cli
