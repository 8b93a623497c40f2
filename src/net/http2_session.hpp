// Http2Session: one HTTP/2 connection in clear (RFC 9113) over a non-blocking socket, at either end of it. The framing,
// flow control, header compression, PING, SETTINGS and the counting of floods are libnghttp2's; here are the socket, the
// limits, and the events that somebody reacts to. Not thread-safe: each session belongs to one thread at a time.
//
// Headers of one stream may have 16 KiB. What is sent or received lives in blocks that are wiped when freed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/descriptor.hpp"

struct nghttp2_session;

namespace leafseal {

enum class Http2Role : std::uint8_t { client, server };
using Http2Headers = std::vector<std::pair<std::string, std::string>>;  // names in lower case, pseudo headers first

// What a session tells its owner. Streams are named by their numbers. No handler may throw.
class Http2Events {
 public:
  virtual ~Http2Events() = default;
  virtual void stream_begins(std::int32_t) {}
  virtual void header(std::int32_t stream, std::string_view name, std::string_view value) = 0;
  virtual void data(std::int32_t stream, std::string_view bytes) = 0;
  virtual void stream_ends(std::int32_t stream) = 0;  // the other side has said all
  virtual void stream_closed(std::int32_t stream, std::uint32_t error) = 0;
  virtual void window_grew(std::int32_t) {}
  virtual void settings_came() {}
  virtual void goes_away(std::int32_t) {}  // streams of higher numbers were not looked at
};

class Http2Session {
 public:
  // `events` must outlive the session. `streams`: how many the other side may have open at once. Throws Error{generic}
  // where libnghttp2 cannot be loaded.
  Http2Session(Descriptor socket, Http2Role role, std::uint32_t streams, Http2Events& events);
  ~Http2Session();
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;

  int socket() const { return socket_.get(); }
  // Takes what has arrived and sends what can be sent, without waiting. False when the connection is over: closed,
  // broken by the other side's bytes, or finished.
  bool pump();
  bool has_output() const;   // poll for POLLOUT, too
  bool is_http1() const { return http1_; }  // the other side spoke HTTP/1
  const std::string& problem() const { return problem_; }  // once pump() gave false: "EOF", a reason of the system, ...

  std::int32_t request(const Http2Headers& headers, std::string body);  // the stream's number; negative: no more streams
  void respond(std::int32_t stream, const Http2Headers& headers, std::string body, Http2Headers trailers);
  void respond(std::int32_t stream, const Http2Headers& headers);  // and nothing else
  void reset(std::int32_t stream, std::uint32_t error);
  void show_sign_of_life(std::int32_t stream);  // widens the stream's window by a byte
  void go_away();  // streams that are open are ended

 private:
  struct Callbacks;
  struct Outgoing {
    std::string body;
    std::size_t sent = 0;
    Http2Headers trailers;
  };
  bool read_socket();
  bool write_socket();
  bool over(std::string problem);

  Descriptor socket_;
  Http2Events& events_;
  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, Outgoing> outgoing_;
  std::map<std::int32_t, std::size_t> header_bytes_;
  std::string output_;  // framed, not yet taken by the socket
  std::size_t output_begin_ = 0;
  std::string problem_;
  std::uint64_t received_ = 0;  // bytes
  bool http1_ = false;
};

inline constexpr std::uint32_t http2_no_error = 0, http2_cancel = 8, http2_refused_stream = 7;

}  // namespace leafseal
