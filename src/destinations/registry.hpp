// From what a destination rule names to the code that stores files there. One object serves a whole run: credentials
// are looked for once, however many files are published.
#pragma once

#include <memory>

#include "leafseal/destination.hpp"
#include "leafseal/environment.hpp"
#include "recipients/aws_access.hpp"
#include "recipients/gcp_access.hpp"

namespace leafseal {

class Destinations {
 public:
  // `environment` must outlive the object, and both what make() returns. Nothing is read before the first store().
  explicit Destinations(const Environment& environment)
      : environment_(environment), aws_(environment), gcp_(environment, GcpChain::standard) {}
  // Null for a place of no kind.
  std::unique_ptr<Destination> make(const DestinationPlace& place);

 private:
  const Environment& environment_;
  AwsAccess aws_;
  GcpAccess gcp_;
};

}  // namespace leafseal
