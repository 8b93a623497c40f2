#include "net/grpc_server_connection.hpp"

#include <utility>

namespace leafseal {
namespace {

constexpr std::string_view grpc_content = "application/grpc";

std::size_t stated_size(std::string_view framed) {
  std::size_t size = 0;
  for (std::size_t i = 1; i < message_prefix; ++i) size = size << 8 | static_cast<unsigned char>(framed[i]);
  return size;
}

Http2Headers status_fields(const GrpcStatus& status) {
  Http2Headers fields = {{"grpc-status", std::to_string(static_cast<unsigned>(status.code))}};
  constexpr std::size_t longest = 4096;  // clients have limits on headers
  if (!status.message.empty()) {
    fields.emplace_back("grpc-message", encode_status_message(std::string_view(status.message).substr(0, longest)));
  }
  return fields;
}

}  // namespace

GrpcServerConnection::GrpcServerConnection(Descriptor socket, const GrpcLimits& limits)
    : limits_(limits), session_(std::move(socket), Http2Role::server, limits.calls, *this) {}

GrpcServerConnection::~GrpcServerConnection() {
  for (auto& [stream, call] : calls_) *call.cancelled = true;
}

void GrpcServerConnection::stream_begins(std::int32_t stream) {
  // Calls that the client gave up count while they are worked on: opening and ending streams makes no work without end.
  if (calls_.size() + at_work_ >= 2 * std::size_t{limits_.calls}) return session_.reset(stream, http2_refused_stream);
  calls_[stream].due = Clock::now() + limits_.call;
}

void GrpcServerConnection::header(std::int32_t stream, std::string_view name, std::string_view value) {
  const auto found = calls_.find(stream);
  if (found == calls_.end()) return;
  if (name == ":method") found->second.method = value;
  if (name == ":path") found->second.path = value;
  if (name == "content-type") found->second.content_type = value;
}

void GrpcServerConnection::data(std::int32_t stream, std::string_view bytes) {
  const auto found = calls_.find(stream);
  if (found == calls_.end() || found->second.state != State::coming) return;
  Call& call = found->second;
  call.body += bytes;
  const std::size_t size = call.body.size() < message_prefix ? 0 : stated_size(call.body);
  if (size <= limits_.message && call.body.size() <= limits_.message + message_prefix) return;
  refuse(stream, call, {GrpcCode::resource_exhausted, "grpc: received message larger than max (" + std::to_string(size) +
                                                          " vs. " + std::to_string(limits_.message) + ")"});
}

void GrpcServerConnection::stream_ends(std::int32_t stream) {
  const auto found = calls_.find(stream);
  if (found == calls_.end() || found->second.state != State::coming) return;
  Call& call = found->second;
  const auto refuse_as_http = [&](const char* status) {
    session_.respond(stream, {{":status", status}});
    call.state = State::answered;
    call.due = Clock::now() + limits_.call;
  };
  if (call.method != "POST") return refuse_as_http("405");
  if (!call.content_type.starts_with(grpc_content)) return refuse_as_http("415");
  GrpcReply message = unframed_message(call.body);
  if (const auto* status = std::get_if<GrpcStatus>(&message)) return refuse(stream, call, *status);
  call.state = State::at_work;
  call.next_sign = Clock::now() + limits_.sign_of_life;
  call.body.clear();
  ++at_work_;
  complete_.push_back({0, stream, call.path, std::get<std::string>(std::move(message)), call.cancelled});
}

void GrpcServerConnection::stream_closed(std::int32_t stream, std::uint32_t) {
  const auto found = calls_.find(stream);
  if (found == calls_.end()) return;
  *found->second.cancelled = true;
  calls_.erase(found);
  idle_since_ = Clock::now();
}

void GrpcServerConnection::refuse(std::int32_t stream, Call& call, const GrpcStatus& status) {
  Http2Headers fields = {{":status", "200"}, {"content-type", std::string(grpc_content)}};
  for (auto& field : status_fields(status)) fields.push_back(std::move(field));
  session_.respond(stream, fields);
  call.state = State::answered;
  call.due = Clock::now() + limits_.call;
  call.body.clear();
}

std::vector<GrpcCall> GrpcServerConnection::take_calls() { return std::exchange(complete_, {}); }

void GrpcServerConnection::answer(std::int32_t stream, const GrpcReply& reply) {
  --at_work_;
  idle_since_ = Clock::now();
  const auto found = calls_.find(stream);
  if (found == calls_.end()) return;
  if (const auto* status = std::get_if<GrpcStatus>(&reply)) return refuse(stream, found->second, *status);
  found->second.state = State::answered;
  found->second.due = Clock::now() + limits_.call;
  session_.respond(stream, {{":status", "200"}, {"content-type", std::string(grpc_content)}},
                   framed_message(std::get<std::string>(reply)), status_fields({GrpcCode::ok, ""}));
}

bool GrpcServerConnection::keep_time(Clock::time_point now) {
  if (!greeted_ && now - since_ > limits_.greeting) return false;
  if (is_idle() && now - idle_since_ > limits_.idle) return false;
  for (auto& [stream, call] : calls_) {
    if (call.state != State::at_work && now > call.due) return false;
    if (call.state != State::at_work || now < call.next_sign) continue;
    session_.show_sign_of_life(stream);
    call.next_sign = now + limits_.sign_of_life;
  }
  if (!session_.has_output()) {
    stuck_since_ = Clock::time_point::max();
  } else if (stuck_since_ == Clock::time_point::max()) {
    stuck_since_ = now;
  }
  return stuck_since_ == Clock::time_point::max() || now - stuck_since_ <= limits_.call;
}

}  // namespace leafseal
