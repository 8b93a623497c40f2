// An object in a bucket of Google Cloud Storage: one upload by the JSON API, with the sum that the service checks
// (spec: reference-stores.md 1; Cloud Storage, "Objects: insert", multipart).
#pragma once

#include <memory>

#include "leafseal/destination.hpp"
#include "leafseal/environment.hpp"
#include "recipients/gcp_access.hpp"

namespace leafseal {

std::unique_ptr<Destination> make_gcs_destination(const DestinationPlace& place, const Environment& environment,
                                                  GcpAccess& access);

}  // namespace leafseal
