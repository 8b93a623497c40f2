// /etc/sops/audit.yaml: the databases that keep an audit log (spec: recipients.md 12). Root's own file; what it says is
// believed, and no word of it is shown, for there are passwords in it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leafseal::config {

// The connection strings, in order. Throws Error{generic} with the line of what is wrong.
std::vector<std::string> audit_databases(const std::string& path, std::string_view text);

}  // namespace leafseal::config
