// The JSON Schema (draft 2020-12) of `.sops.yaml`, for editors and for checks outside leafseal. It says what can be said
// of types and names; what patterns, recipients and groups mean, lint says.
#pragma once

#include <string_view>

namespace leafseal::config {

std::string_view schema();  // JSON text with a final line break

}  // namespace leafseal::config
