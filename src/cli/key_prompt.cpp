#include "cli/key_prompt.hpp"

#include "cli/approval.hpp"
#include "leafseal/error.hpp"

namespace leafseal::cli {

std::optional<GrpcStatus> KeyPrompt::ask(const RecipientEntry& entry, KeyUse use, const std::atomic<bool>& cancelled) {
  const std::lock_guard one_at_a_time(mutex_);
  const std::string question = std::string("\nReceived ") + (use == KeyUse::encrypt ? "encrypt" : "decrypt") +
                               " request using " + describe_key(entry) + ". Respond to request? (y/n): ";
  const GrpcStatus gone{GrpcCode::cancelled, "the client has gone"};
  try {
    if (cancelled) return gone;
    if (!approves(environment_, question)) return GrpcStatus{GrpcCode::permission_denied, "Request rejected by user"};
    if (cancelled) return gone;
    return std::nullopt;
  } catch (const Error& error) {
    return GrpcStatus{GrpcCode::unknown, error.what()};
  }
}

}  // namespace leafseal::cli
