// KeyPrompt: whoever sits at a key service's terminal is asked before a key is used, one question at a time, on stdout
// and stdin as in the reference (spec: recipients.md 10). An end of input or an answer of several words refuses.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "recipients/key_service_server.hpp"

namespace leafseal::cli {

class KeyPrompt {
 public:
  explicit KeyPrompt(const Environment& environment) : environment_(environment) {}  // which must outlive the object

  // Nothing for y, else the status to refuse with. A client that has given up, `cancelled`, is not asked for. Thread-safe.
  std::optional<GrpcStatus> ask(const RecipientEntry& entry, KeyUse use, const std::atomic<bool>& cancelled);

 private:
  const Environment& environment_;
  std::mutex mutex_;
};

}  // namespace leafseal::cli
