// A secret in a key-value engine of HashiCorp Vault or OpenBao, version 1 or 2: the decrypted values as JSON, written
// only when they are not there already (spec: reference-stores.md 1).
#pragma once

#include <memory>

#include "leafseal/destination.hpp"
#include "leafseal/environment.hpp"

namespace leafseal {

std::unique_ptr<Destination> make_vault_kv_destination(const DestinationPlace& place, const Environment& environment);

}  // namespace leafseal
