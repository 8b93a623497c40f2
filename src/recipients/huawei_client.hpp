// Requests to services of Huawei Cloud, and their refusals made into errors: the code, the message and the id of the
// request, which Huawei's support asks for.
#pragma once

#include <string>

#include "leafseal/http.hpp"

namespace leafseal {

// The answer of a service that did as it was asked. Throws Error{generic} with the service's reason, and HttpError.
HttpResponse send_to_huawei(const HttpRequest& request, const Environment& environment);

}  // namespace leafseal
