// What a gRPC call ends with: a message, or a status (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace leafseal {

enum class GrpcCode : std::uint8_t {
  ok = 0,
  cancelled = 1,
  unknown = 2,
  invalid_argument = 3,
  deadline_exceeded = 4,
  not_found = 5,
  permission_denied = 7,
  resource_exhausted = 8,
  unimplemented = 12,
  internal = 13,
  unavailable = 14,
  unauthenticated = 16,
};

struct GrpcStatus {
  GrpcCode code = GrpcCode::unknown;
  std::string message;

  // "rpc error: code = NotFound desc = Must provide a key", as the reference prints it.
  std::string text() const;
};

using GrpcReply = std::variant<std::string, GrpcStatus>;

std::string code_name(GrpcCode code);  // "NotFound"; "Code(99)" for what is no code

// grpc-message: percent-encoded UTF-8.
std::string encode_status_message(std::string_view text);
std::string decode_status_message(std::string_view encoded);

// The five bytes in front of a message: not compressed, its size.
std::string framed_message(std::string_view message);
inline constexpr std::size_t message_prefix = 5;

// A framed message that is whole, uncompressed, and alone: otherwise the status that tells what it is.
GrpcReply unframed_message(std::string_view framed);

}  // namespace leafseal
