// GrpcConnection: one connection of a GrpcChannel, for one call after the other.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <string_view>

#include "net/endpoint.hpp"
#include "net/grpc_status.hpp"
#include "net/http2_session.hpp"

namespace leafseal {

struct GrpcOutcome {
  GrpcReply reply;
  bool untouched = false;  // nothing of an answer came, and the connection is no good: another one may have the call
  bool alive = false;      // a sign of life came
};

class GrpcConnection final : private Http2Events {
 public:
  GrpcConnection(Descriptor socket, std::string authority);

  // False where the next call needs another connection.
  bool usable();
  GrpcOutcome call(std::string_view path, std::string_view message, std::chrono::milliseconds patience,
                   std::chrono::steady_clock::time_point deadline);

 private:
  struct Answer {
    std::map<std::string, std::string, std::less<>> headers;  // trailers, too
    std::string body;
    bool too_large = false;
    bool closed = false;  // the stream has ended, with `error` or well
    std::uint32_t error = 0;
    bool begun = false;
    bool alive = false;
  };
  void header(std::int32_t stream, std::string_view name, std::string_view value) override;
  void data(std::int32_t stream, std::string_view bytes) override;
  void stream_ends(std::int32_t) override {}
  void stream_closed(std::int32_t stream, std::uint32_t error) override;
  void window_grew(std::int32_t stream) override;
  void settings_came() override { greeted_ = true; }
  void goes_away(std::int32_t last) override;

  bool wait_until(std::chrono::steady_clock::time_point deadline);
  GrpcOutcome broken_off() const;
  GrpcReply reply() const;

  std::string authority_;
  Answer answer_;  // to the call that is under way
  std::int32_t stream_ = 0;
  std::int32_t last_taken_ = 0x7fffffff;
  bool greeted_ = false;  // it is an HTTP/2 server
  bool leaving_ = false;
  Http2Session session_;
};

}  // namespace leafseal
