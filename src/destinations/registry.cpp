#include "destinations/registry.hpp"

#include "destinations/gcs.hpp"
#include "destinations/s3.hpp"
#include "destinations/vault_kv.hpp"

namespace leafseal {

std::unique_ptr<Destination> Destinations::make(const DestinationPlace& place) {
  switch (place.kind) {
    case DestinationKind::s3:
      return make_s3_destination(place, environment_, aws_);
    case DestinationKind::vault:
      return make_vault_kv_destination(place, environment_);
    case DestinationKind::gcs:
      return make_gcs_destination(place, environment_, gcp_);
    case DestinationKind::none:
      break;
  }
  return nullptr;
}

}  // namespace leafseal
