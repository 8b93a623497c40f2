#include "net/grpc_channel.hpp"

#include <algorithm>
#include <utility>

#include "leafseal/error.hpp"
#include "net/grpc_connection.hpp"
#include "net/patience.hpp"

namespace leafseal {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t most_connections = 8;
constexpr milliseconds time_to_connect{10'000};

struct NotConnected {
  std::string why;
};

Descriptor connected(const Endpoint& endpoint, Clock::time_point deadline) {
  try {
    return connect_to(endpoint, deadline);
  } catch (const Error& error) {
    throw NotConnected{error.what()};
  }
}

bool is_in_vain(const GrpcReply& reply) {
  const auto* status = std::get_if<GrpcStatus>(&reply);
  return status != nullptr && (status->code == GrpcCode::unavailable || status->code == GrpcCode::deadline_exceeded);
}

}  // namespace

GrpcChannel::GrpcChannel(Endpoint endpoint, std::function<void(int)> approve)
    : endpoint_(std::move(endpoint)), approve_(std::move(approve)) {}

GrpcChannel::~GrpcChannel() = default;

// Waits while all connections are in use.
std::unique_ptr<GrpcConnection> GrpcChannel::take_idle() {
  std::unique_lock lock(mutex_);
  freed_.wait(lock, [&] { return in_use_ < most_connections; });
  ++in_use_;
  if (idle_.empty()) return nullptr;
  std::unique_ptr<GrpcConnection> connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

void GrpcChannel::give_back(std::unique_ptr<GrpcConnection> connection) {
  {
    const std::lock_guard lock(mutex_);
    --in_use_;
    if (connection) idle_.push_back(std::move(connection));
  }
  freed_.notify_one();
}

std::unique_ptr<GrpcConnection> GrpcChannel::connect(Clock::time_point deadline) {
  Descriptor socket = connected(endpoint_, std::min(deadline, Clock::now() + time_to_connect));
  if (approve_) approve_(socket.get());
  return std::make_unique<GrpcConnection>(std::move(socket), endpoint_.is_unix() ? "localhost" : endpoint_.address);
}

GrpcReply GrpcChannel::call_within(std::string_view path, std::string_view message, milliseconds left, bool& alive) {
  const Clock::time_point deadline = Clock::now() + left;
  std::unique_ptr<GrpcConnection> connection = take_idle();
  const auto give = [&](bool good) { give_back(good ? std::move(connection) : nullptr); };
  try {
    const bool kept = connection && connection->usable();
    if (!kept) connection = connect(deadline);
    GrpcOutcome outcome = connection->call(path, message, left, deadline);
    if (kept && outcome.untouched) {
      connection = connect(deadline);
      outcome = connection->call(path, message, left, deadline);
    }
    alive = outcome.alive;
    give(connection->usable());
    return std::move(outcome.reply);
  } catch (const NotConnected& failure) {
    give(false);
    return GrpcStatus{GrpcCode::unavailable,
                      "connection error: desc = \"transport: Error while dialing: " + failure.why + "\""};
  } catch (...) {
    give(false);
    throw;
  }
}

GrpcReply GrpcChannel::call(std::string_view path, std::string_view message) {
  const Clock::time_point begin = Clock::now();
  const milliseconds left = std::min(patience, process_patience().left());
  if (left <= milliseconds(0)) {
    return GrpcStatus{GrpcCode::unavailable, "not asked: this command has waited two minutes for services already"};
  }
  bool alive = false;
  GrpcReply reply = call_within(path, message, left, alive);
  if (alive) return reply;  // somebody was asked, and answered when they did
  is_in_vain(reply) ? process_patience().lost(begin, Clock::now()) : process_patience().answered(begin, Clock::now());
  return reply;
}

}  // namespace leafseal
