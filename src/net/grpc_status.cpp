#include "net/grpc_status.hpp"

#include <array>

namespace leafseal {
namespace {

constexpr std::array<std::string_view, 17> names = {
    "OK",           "Canceled",           "Unknown",           "InvalidArgument", "DeadlineExceeded", "NotFound",
    "AlreadyExists", "PermissionDenied",  "ResourceExhausted", "FailedPrecondition", "Aborted",       "OutOfRange",
    "Unimplemented", "Internal",          "Unavailable",       "DataLoss",        "Unauthenticated"};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

std::string code_name(GrpcCode code) {
  const auto number = static_cast<std::size_t>(code);
  return number < names.size() ? std::string(names[number]) : "Code(" + std::to_string(number) + ")";
}

std::string GrpcStatus::text() const { return "rpc error: code = " + code_name(code) + " desc = " + message; }

std::string encode_status_message(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20 && byte < 0x7f && c != '%') {
      encoded += c;
    } else {
      encoded += {'%', digits[byte >> 4], digits[byte & 15]};
    }
  }
  return encoded;
}

std::string decode_status_message(std::string_view encoded) {
  std::string text;
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    const int high = encoded[i] == '%' && i + 2 < encoded.size() ? hex_value(encoded[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(encoded[i + 2]) : -1;
    if (low >= 0) {
      text += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      text += encoded[i];
    }
  }
  return text;
}

std::string framed_message(std::string_view message) {
  std::string framed(1, '\0');
  for (int shift = 24; shift >= 0; shift -= 8) framed += static_cast<char>(message.size() >> shift);
  framed += message;
  return framed;
}

GrpcReply unframed_message(std::string_view framed) {
  const auto broken = [](const char* why) { return GrpcStatus{GrpcCode::internal, why}; };
  if (framed.size() < message_prefix) return broken("the message is cut off");
  if (framed[0] != '\0') return GrpcStatus{GrpcCode::unimplemented, "the message is compressed, which was not agreed on"};
  std::size_t size = 0;
  for (std::size_t i = 1; i < message_prefix; ++i) size = size << 8 | static_cast<unsigned char>(framed[i]);
  framed.remove_prefix(message_prefix);
  if (framed.size() < size) return broken("the message is cut off");
  if (framed.size() > size) return broken("more than one message");
  return std::string(framed);
}

}  // namespace leafseal
