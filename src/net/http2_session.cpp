#include "net/http2_session.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "net/http2_library.hpp"
#include "net/wiped_allocation.hpp"

namespace leafseal {
namespace {

constexpr std::size_t most_header_bytes = 16 * 1024;
constexpr std::size_t read_at_once = 16 * 1024;
constexpr std::size_t most_reads = 16;  // in one pump(): others wait for their turn
constexpr std::size_t most_unanswered_pings = 64;

nghttp2_mem wiping_memory() {
  return {nullptr, [](std::size_t size, void*) { return std::malloc(size); },
          [](void* block, void*) { wiped_free(block); },
          [](std::size_t count, std::size_t size, void*) { return std::calloc(count, size); },
          [](void* block, std::size_t size, void*) { return wiped_realloc(block, size); }};
}

std::vector<nghttp2_nv> pointers(const Http2Headers& headers) {
  const auto bytes = [](const std::string& text) {
    return const_cast<std::uint8_t*>(reinterpret_cast<const std::uint8_t*>(text.data()));
  };
  std::vector<nghttp2_nv> out;
  out.reserve(headers.size());
  for (const auto& [name, value] : headers) {
    out.push_back({bytes(name), bytes(value), name.size(), value.size(), NGHTTP2_NV_FLAG_NONE});
  }
  return out;
}

std::string_view view(const std::uint8_t* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

}  // namespace

// libnghttp2 calls these with the session as user data.
struct Http2Session::Callbacks {
  static Http2Session& self(void* data) { return *static_cast<Http2Session*>(data); }

  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* data) {
    if (frame->headers.cat == NGHTTP2_HCAT_REQUEST) self(data).events_.stream_begins(frame->hd.stream_id);
    return 0;
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                       const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* data) {
    std::size_t& total = self(data).header_bytes_[frame->hd.stream_id];
    total += name_size + value_size + 32;
    if (total > most_header_bytes) return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
    self(data).events_.header(frame->hd.stream_id, view(name, name_size), view(value, value_size));
    return 0;
  }

  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t stream, const std::uint8_t* bytes, std::size_t size,
                     void* data) {
    self(data).events_.data(stream, view(bytes, size));
    return 0;
  }

  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* data) {
    Http2Events& events = self(data).events_;
    const std::uint8_t type = frame->hd.type;
    if (type == NGHTTP2_GOAWAY) events.goes_away(frame->goaway.last_stream_id);
    if (type == NGHTTP2_SETTINGS && (frame->hd.flags & NGHTTP2_FLAG_ACK) == 0) events.settings_came();
    if (type == NGHTTP2_WINDOW_UPDATE && frame->hd.stream_id != 0) events.window_grew(frame->hd.stream_id);
    if ((type == NGHTTP2_DATA || type == NGHTTP2_HEADERS) && (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0) {
      events.stream_ends(frame->hd.stream_id);
    }
    return 0;
  }

  static int on_close(nghttp2_session*, std::int32_t stream, std::uint32_t error, void* data) {
    self(data).outgoing_.erase(stream);
    self(data).header_bytes_.erase(stream);
    self(data).events_.stream_closed(stream, error);
    return 0;
  }

  static ssize_t read_body(nghttp2_session* session, std::int32_t stream, std::uint8_t* buffer, std::size_t size,
                           std::uint32_t* flags, nghttp2_data_source*, void* data) {
    Outgoing& out = self(data).outgoing_[stream];
    const std::size_t part = std::min(size, out.body.size() - out.sent);
    std::memcpy(buffer, out.body.data() + out.sent, part);
    out.sent += part;
    if (out.sent < out.body.size()) return static_cast<ssize_t>(part);
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (!out.trailers.empty()) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      const auto trailers = pointers(out.trailers);
      http2_library().submit_trailer(session, stream, trailers.data(), trailers.size());
    }
    return static_cast<ssize_t>(part);
  }
};

Http2Session::Http2Session(Descriptor socket, Http2Role role, std::uint32_t streams, Http2Events& events)
    : socket_(std::move(socket)), events_(events) {
  const Http2Library& h2 = http2_library();
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_option* option = nullptr;
  if (h2.callbacks_new(&callbacks) != 0 || h2.option_new(&option) != 0) throw std::bad_alloc();
  h2.set_on_begin_headers(callbacks, Callbacks::on_begin_headers);
  h2.set_on_header(callbacks, Callbacks::on_header);
  h2.set_on_data(callbacks, Callbacks::on_data);
  h2.set_on_frame(callbacks, Callbacks::on_frame);
  h2.set_on_close(callbacks, Callbacks::on_close);
  h2.set_max_outbound_ack(option, most_unanswered_pings);
  nghttp2_mem memory = wiping_memory();
  const auto create = role == Http2Role::client ? h2.client_new : h2.server_new;
  const int created = create(&session_, callbacks, this, option, &memory);
  h2.callbacks_del(callbacks);
  h2.option_del(option);
  if (created != 0) throw std::bad_alloc();
  const std::array settings = {nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, streams},
                               nghttp2_settings_entry{NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, most_header_bytes},
                               nghttp2_settings_entry{NGHTTP2_SETTINGS_ENABLE_PUSH, 0}};
  h2.submit_settings(session_, NGHTTP2_FLAG_NONE, settings.data(), settings.size() - (role == Http2Role::server ? 1 : 0));
}

Http2Session::~Http2Session() {
  if (session_ != nullptr) http2_library().session_del(session_);
}

bool Http2Session::over(std::string problem) {
  problem_ = std::move(problem);
  return false;
}

bool Http2Session::has_output() const {
  return output_begin_ < output_.size() || http2_library().want_write(session_) != 0;
}

bool Http2Session::pump() {
  if (!problem_.empty()) return false;
  const bool readable = read_socket();
  if (!write_socket()) {  // the other side has gone; what it said last still tells why
    std::string why = std::exchange(problem_, "");
    read_socket();
    return over(std::move(why));
  }
  if (!readable) return false;
  const Http2Library& h2 = http2_library();
  if (h2.want_read(session_) == 0 && !has_output()) return over("the connection was ended");
  return true;
}

bool Http2Session::read_socket() {
  std::array<std::uint8_t, read_at_once> buffer;
  for (std::size_t i = 0; i < most_reads; ++i) {
    const ssize_t got = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    if (got < 0) return over(reason(errno));
    if (got == 0) return over("EOF");
    if (received_ == 0) http1_ = view(buffer.data(), static_cast<std::size_t>(got)).starts_with("HTTP/1.");
    received_ += static_cast<std::uint64_t>(got);
    const ssize_t taken = http2_library().receive(session_, buffer.data(), static_cast<std::size_t>(got));
    ::explicit_bzero(buffer.data(), static_cast<std::size_t>(got));
    if (taken < 0) return over("what arrives is not HTTP/2");
    if (http2_library().want_read(session_) == 0) return true;
  }
  return true;
}

bool Http2Session::write_socket() {
  for (;;) {
    if (output_begin_ == output_.size()) {
      const std::uint8_t* bytes = nullptr;
      const ssize_t size = http2_library().send(session_, &bytes);
      if (size < 0) return over("out of memory");
      if (size == 0) return true;
      output_.assign(view(bytes, static_cast<std::size_t>(size)));
      output_begin_ = 0;
    }
    const ssize_t sent =
        ::send(socket_.get(), output_.data() + output_begin_, output_.size() - output_begin_, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return true;
    if (sent < 0) return over(errno == EPIPE ? "EOF" : reason(errno));
    output_begin_ += static_cast<std::size_t>(sent);
  }
}

std::int32_t Http2Session::request(const Http2Headers& headers, std::string body) {
  const auto fields = pointers(headers);
  const nghttp2_data_provider source = {{0}, Callbacks::read_body};
  const std::int32_t stream =
      http2_library().submit_request(session_, nullptr, fields.data(), fields.size(), &source, nullptr);
  if (stream > 0) outgoing_[stream].body = std::move(body);
  return stream;
}

void Http2Session::respond(std::int32_t stream, const Http2Headers& headers, std::string body, Http2Headers trailers) {
  const auto fields = pointers(headers);
  const nghttp2_data_provider source = {{0}, Callbacks::read_body};
  outgoing_[stream] = {std::move(body), 0, std::move(trailers)};
  if (http2_library().submit_response(session_, stream, fields.data(), fields.size(), &source) != 0) {
    outgoing_.erase(stream);
  }
}

void Http2Session::respond(std::int32_t stream, const Http2Headers& headers) {
  const auto fields = pointers(headers);
  http2_library().submit_response(session_, stream, fields.data(), fields.size(), nullptr);
}

void Http2Session::reset(std::int32_t stream, std::uint32_t error) {
  http2_library().submit_rst_stream(session_, NGHTTP2_FLAG_NONE, stream, error);
}

void Http2Session::show_sign_of_life(std::int32_t stream) {
  http2_library().submit_window_update(session_, NGHTTP2_FLAG_NONE, stream, 1);
}

void Http2Session::go_away() { http2_library().terminate(session_, NGHTTP2_NO_ERROR); }

}  // namespace leafseal
