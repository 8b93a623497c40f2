// The reference's log line about a use of a key by a key service, in the words and fields that each kind has there.
#pragma once

#include <ctime>
#include <string>

#include "recipients/key_service_server.hpp"

namespace leafseal::cli {

std::string key_log_line(const RecipientEntry& entry, KeyUse use, bool succeeded, std::time_t now);

}  // namespace leafseal::cli
