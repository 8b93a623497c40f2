// What a key service does for a call: it wraps or unwraps with the keys of this process, after `approve` has agreed
// (spec: recipients.md 10). The reference does it first and asks afterwards, which for a smart card or a log of uses is
// too late.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "leafseal/environment.hpp"
#include "leafseal/recipient.hpp"
#include "net/grpc_status.hpp"

namespace leafseal {

enum class KeyUse : std::uint8_t { encrypt, decrypt };

// "PGP key with fingerprint F": the reference's words for a key, with control characters made visible.
std::string describe_key(const RecipientEntry& entry);

struct KeyServiceCall {
  std::string_view path;
  std::string_view message;
};

struct KeyServiceWatch {
  // Nothing to go on, or the status to refuse with. Called before a key is used.
  std::function<std::optional<GrpcStatus>(const RecipientEntry& entry, KeyUse use)> approve;
  std::function<void(const RecipientEntry& entry, KeyUse use, bool succeeded)> used;
};

// Keys and credentials are looked up anew for each call, so that what changes on this machine counts at once and no
// private key stays in memory. Safe on several threads where `watch` is.
GrpcReply serve_key(const KeyServiceCall& call, const Environment& environment, const KeyServiceWatch& watch);

}  // namespace leafseal
