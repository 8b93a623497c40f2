// GrpcServerConnection: one client of a GrpcServer. It collects calls, hands over those that are complete, and sends
// answers; what breaks the protocol, is too large or takes too long it refuses by itself.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "net/grpc_limits.hpp"
#include "net/grpc_status.hpp"
#include "net/grpc_workers.hpp"
#include "net/http2_session.hpp"

namespace leafseal {

class GrpcServerConnection final : private Http2Events {
 public:
  using Clock = std::chrono::steady_clock;

  GrpcServerConnection(Descriptor socket, const GrpcLimits& limits);
  ~GrpcServerConnection() override;  // what is worked on for it is cancelled

  int socket() const { return session_.socket(); }
  bool has_output() const { return session_.has_output(); }
  bool pump() { return session_.pump(); }  // false: the connection is over
  std::vector<GrpcCall> take_calls();      // those that became complete
  void answer(std::int32_t stream, const GrpcReply& reply);
  // Signs of life, where they are due. False when the client has used up its time.
  bool keep_time(Clock::time_point now);
  bool is_idle() const { return calls_.empty() && at_work_ == 0; }
  Clock::time_point idle_since() const { return idle_since_; }
  void go_away() { session_.go_away(); }

 private:
  enum class State : std::uint8_t { coming, at_work, answered };
  struct Call {
    State state = State::coming;
    std::string method, path, content_type;
    std::string body;
    Clock::time_point due;        // to be complete, or the answer taken
    Clock::time_point next_sign;  // while it is worked on
    std::shared_ptr<std::atomic<bool>> cancelled = std::make_shared<std::atomic<bool>>(false);
  };
  void stream_begins(std::int32_t stream) override;
  void header(std::int32_t stream, std::string_view name, std::string_view value) override;
  void data(std::int32_t stream, std::string_view bytes) override;
  void stream_ends(std::int32_t stream) override;
  void stream_closed(std::int32_t stream, std::uint32_t error) override;
  void settings_came() override { greeted_ = true; }

  void refuse(std::int32_t stream, Call& call, const GrpcStatus& status);

  const GrpcLimits limits_;
  std::map<std::int32_t, Call> calls_;
  std::vector<GrpcCall> complete_;
  std::size_t at_work_ = 0;  // calls handed over and not answered; their client may have given them up
  Clock::time_point since_ = Clock::now();
  Clock::time_point idle_since_ = since_;
  Clock::time_point stuck_since_ = Clock::time_point::max();  // the client does not read
  bool greeted_ = false;
  Http2Session session_;
};

}  // namespace leafseal
