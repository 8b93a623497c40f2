#include "net/grpc_connection.hpp"

#include <poll.h>

#include <algorithm>
#include <charconv>

#include "leafseal/error.hpp"

namespace leafseal {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t largest_answer = 1024 * 1024;
constexpr std::chrono::minutes longest_wait{10};

std::string shown_seconds(milliseconds time) { return std::to_string((time.count() + 999) / 1000) + " s"; }

// What a server that is no gRPC server says by its status (grpc/doc/http-grpc-status-mapping.md).
GrpcCode code_of_http(std::string_view status) {
  if (status == "400") return GrpcCode::internal;
  if (status == "401") return GrpcCode::unauthenticated;
  if (status == "403") return GrpcCode::permission_denied;
  if (status == "404") return GrpcCode::unimplemented;
  if (status == "429" || status == "502" || status == "503" || status == "504") return GrpcCode::unavailable;
  return GrpcCode::unknown;
}

}  // namespace

GrpcConnection::GrpcConnection(Descriptor socket, std::string authority)
    : authority_(std::move(authority)), session_(std::move(socket), Http2Role::client, 0, *this) {}

void GrpcConnection::header(std::int32_t stream, std::string_view name, std::string_view value) {
  if (stream != stream_) return;
  answer_.begun = true;
  answer_.headers.insert_or_assign(std::string(name), std::string(value));
}

void GrpcConnection::data(std::int32_t stream, std::string_view bytes) {
  if (stream != stream_ || answer_.too_large) return;
  answer_.too_large = answer_.body.size() + bytes.size() > largest_answer + message_prefix;
  if (answer_.too_large) return session_.reset(stream, http2_cancel);
  answer_.body += bytes;
}

void GrpcConnection::stream_closed(std::int32_t stream, std::uint32_t error) {
  if (stream != stream_) return;
  answer_.closed = true;
  answer_.error = error;
}

void GrpcConnection::window_grew(std::int32_t stream) { answer_.alive = answer_.alive || stream == stream_; }

void GrpcConnection::goes_away(std::int32_t last) {
  leaving_ = true;
  last_taken_ = std::min(last_taken_, last);
}

bool GrpcConnection::usable() { return session_.pump() && !leaving_; }

// False when the connection is over.
bool GrpcConnection::wait_until(Clock::time_point deadline) {
  if (!session_.pump()) return false;
  const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now()).count();
  if (answer_.closed || left <= 0) return true;
  pollfd waiting = {session_.socket(), static_cast<short>(POLLIN | (session_.has_output() ? POLLOUT : 0)), 0};
  ::poll(&waiting, 1, static_cast<int>(std::min<long long>(left, 60'000)));
  return true;
}

GrpcOutcome GrpcConnection::call(std::string_view path, std::string_view message, milliseconds patience,
                                 Clock::time_point deadline) {
  answer_ = {};
  const Clock::time_point last = Clock::now() + longest_wait;
  stream_ = session_.request({{":method", "POST"},
                              {":scheme", "http"},
                              {":authority", authority_},
                              {":path", std::string(path)},
                              {"te", "trailers"},
                              {"content-type", "application/grpc"}},
                             framed_message(message));
  if (stream_ < 0) return {GrpcStatus{GrpcCode::unavailable, "the connection takes no more calls"}, true, false};
  bool alive = false;
  while (!answer_.closed) {
    if (!wait_until(deadline)) {
      if (answer_.closed) break;
      return broken_off();
    }
    if (answer_.closed) break;
    if (std::exchange(answer_.alive, false)) {
      alive = true;
      deadline = std::min(Clock::now() + patience, last);
    }
    if (Clock::now() < deadline) continue;
    session_.reset(stream_, http2_cancel);
    session_.pump();
    leaving_ = true;
    const milliseconds waited = alive ? milliseconds(longest_wait) : patience;
    return {GrpcStatus{GrpcCode::deadline_exceeded, "no answer within " + shown_seconds(waited)}, false, alive};
  }
  const bool untouched =
      !answer_.begun && (answer_.error == http2_refused_stream || stream_ > last_taken_) && !answer_.too_large;
  return {reply(), untouched, alive};
}

GrpcOutcome GrpcConnection::broken_off() const {
  std::string why = session_.problem();
  if (session_.is_http1()) why = "the server speaks HTTP/1";
  const bool greeted = greeted_ && !session_.is_http1();
  return {GrpcStatus{GrpcCode::unavailable, greeted
                                                ? "error reading from server: " + why
                                                : "connection error: desc = \"error reading server preface: " + why + "\""},
          !answer_.begun, false};
}

GrpcReply GrpcConnection::reply() const {
  const auto value = [&](std::string_view name) {
    const auto found = answer_.headers.find(name);
    return found == answer_.headers.end() ? std::string() : found->second;
  };
  if (answer_.too_large) return GrpcStatus{GrpcCode::resource_exhausted, "the answer is larger than 1 MiB"};
  if (stream_ > last_taken_ && !answer_.begun) return GrpcStatus{GrpcCode::unavailable, "the server is shutting down"};
  const std::string code = value("grpc-status");
  if (code.empty()) {
    const std::string http = value(":status");
    if (answer_.error != http2_no_error) {
      return GrpcStatus{GrpcCode::unavailable, "the server ended the call, HTTP/2 error " + std::to_string(answer_.error)};
    }
    if (http != "200") {
      return GrpcStatus{code_of_http(http), "unexpected HTTP status code received from server: " + quoted(http)};
    }
    if (!value("content-type").starts_with("application/grpc")) {
      return GrpcStatus{GrpcCode::unknown, "unexpected content type \"" + quoted(value("content-type")) + "\": no gRPC server"};
    }
    return GrpcStatus{GrpcCode::internal, "the server ended the call without a status"};
  }
  unsigned number = 0;
  const auto [end, error] = std::from_chars(code.data(), code.data() + code.size(), number);
  if (error != std::errc() || end != code.data() + code.size() || number > 255) {
    return GrpcStatus{GrpcCode::unknown, "malformed grpc-status: " + quoted(code)};
  }
  if (number != 0) return GrpcStatus{static_cast<GrpcCode>(number), decode_status_message(value("grpc-message"))};
  return unframed_message(answer_.body);
}

}  // namespace leafseal
