// GrpcServer: serves calls of one message there and one back over HTTP/2 in clear. One thread, that of run(), reads and
// writes all connections and never waits for a call; calls are worked on by a few others. So a slow call holds no other
// up, and PINGs are answered meanwhile. What a client may take is in GrpcLimits; what it may be, `approve` says.
#pragma once

#include <functional>
#include <map>
#include <memory>

#include "net/grpc_limits.hpp"
#include "net/grpc_server_connection.hpp"
#include "net/grpc_workers.hpp"

namespace leafseal {

class GrpcServer {
 public:
  // `listener` listens and does not block. `handler` is called on several threads; what it throws becomes a status.
  // `approve` sees each new socket and says whether it may stay.
  GrpcServer(Descriptor listener, GrpcHandler handler, const GrpcLimits& limits, std::function<bool(int)> approve);
  ~GrpcServer();  // waits for calls that are being worked on

  // Serves until `stop` is readable, then closes all connections. Throws Error{generic} when no client can be taken
  // any more.
  void run(int stop);
  bool at_work() const { return workers_.at_work(); }

 private:
  using Clock = std::chrono::steady_clock;
  void accept_clients();
  bool make_room();
  void serve(std::uint64_t number);
  void drop(std::uint64_t number) { connections_.erase(number); }
  void send_answers();
  void keep_time();

  Descriptor listener_;
  const GrpcLimits limits_;
  const std::chrono::milliseconds tick_;  // how exact time-outs are
  const std::function<bool(int)> approve_;
  std::uint64_t next_number_ = 1;
  std::map<std::uint64_t, std::unique_ptr<GrpcServerConnection>> connections_;
  Clock::time_point accept_again_ = Clock::time_point::min();  // after a lack of descriptors
  GrpcWorkers workers_;
};

}  // namespace leafseal
