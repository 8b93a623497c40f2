// An object in a bucket of Amazon S3, or of a service that speaks its protocol: one PutObject with the bytes as they
// are (spec: reference-stores.md 1; S3 API Reference, "PutObject").
#pragma once

#include <memory>

#include "leafseal/destination.hpp"
#include "leafseal/environment.hpp"
#include "recipients/aws_access.hpp"

namespace leafseal {

std::unique_ptr<Destination> make_s3_destination(const DestinationPlace& place, const Environment& environment,
                                                 AwsAccess& access);

// Whether a bucket's name can stand in front of the service's host: 3 to 63 of a-z, 0-9 and -, no - at the ends. Of all
// others (dots would break the certificate) the name goes into the path.
bool is_host_label_of_bucket(const std::string& bucket);

}  // namespace leafseal
