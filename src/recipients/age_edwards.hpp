// From the Edwards form of Curve25519, in which ssh-ed25519 keys are points, to the Montgomery form of X25519.
#pragma once

#include <optional>

#include "recipients/age_primitives.hpp"

namespace leafseal::age {

// u = (1 + y) / (1 - y). Nothing if the text is not the encoding of a point, or of the neutral one, which has no u.
std::optional<Point> edwards_to_montgomery(const Point& encoded);

}  // namespace leafseal::age
