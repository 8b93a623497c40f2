// A gRPC message of any bytes, and one of the key service in it: what is read can be written, and reads as the same.
#include <cstddef>
#include <cstdint>
#include <string>

#include "net/grpc_status.hpp"
#include "recipients/key_service_messages.hpp"

namespace {

void check_request(std::string_view message) {
  using namespace leafseal;
  const auto request = parse_key_request(message);
  if (!request || !request->entry) return;
  if (request->payload.size() > message.size()) __builtin_trap();
  const std::string written = key_request(*request->entry, request->payload);
  const auto again = parse_key_request(written);
  if (!again || !again->entry || again->entry->kind != request->entry->kind) __builtin_trap();
  if (again->entry->id() != request->entry->id() || again->payload != request->payload) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace leafseal;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  check_request(bytes);
  if (const auto payload = parse_key_response(bytes)) {
    if (parse_key_response(key_response(*payload)) != payload) __builtin_trap();
  }
  const GrpcReply reply = unframed_message(bytes);
  if (const auto* message = std::get_if<std::string>(&reply)) {
    if (framed_message(*message) != bytes) __builtin_trap();
    check_request(*message);
  }
  if (decode_status_message(encode_status_message(bytes)) != bytes) __builtin_trap();
  decode_status_message(bytes);
  return 0;
}
