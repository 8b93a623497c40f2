// GrpcChannel: calls to one gRPC server in clear, one message there and one back
// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). Connections are made when they are needed, kept, and
// used again: one for a command that asks one thing at a time, eight at most for its threads.
//
// A call has 30 s with all that belongs to it, ten of them to connect. A server that shows a sign of life meanwhile - a
// WINDOW_UPDATE for the call, as leafseal's sends while somebody is asked - gets another 30 s, ten minutes at most. What
// is lost in vain counts against the two minutes of the process (security.md N4). An answer may have 1 MiB. A call is
// sent again, once, where a connection that was kept turns out to be dead; so it must be one that may be repeated.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "net/endpoint.hpp"
#include "net/grpc_status.hpp"

namespace leafseal {

class GrpcConnection;

class GrpcChannel {
 public:
  // `approve` looks at each new connection's socket and throws an Error where nothing may be sent to it.
  explicit GrpcChannel(Endpoint endpoint, std::function<void(int socket)> approve = {});
  ~GrpcChannel();
  GrpcChannel(const GrpcChannel&) = delete;
  GrpcChannel& operator=(const GrpcChannel&) = delete;

  // The answer's message or the status that the call ended with; no answer is one of `unavailable` or
  // `deadline_exceeded`. Throws what `approve` throws, and Error{generic} without libnghttp2. Thread-safe.
  GrpcReply call(std::string_view path, std::string_view message);

  std::chrono::milliseconds patience{30'000};  // for tests

 private:
  std::unique_ptr<GrpcConnection> take_idle();
  std::unique_ptr<GrpcConnection> connect(std::chrono::steady_clock::time_point deadline);
  GrpcReply call_within(std::string_view path, std::string_view message, std::chrono::milliseconds left, bool& alive);
  void give_back(std::unique_ptr<GrpcConnection> connection);

  const Endpoint endpoint_;
  const std::function<void(int)> approve_;
  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<GrpcConnection>> idle_;
  std::size_t in_use_ = 0;
};

}  // namespace leafseal
