#include "net/grpc_server.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include "leafseal/error.hpp"

namespace leafseal {
GrpcServer::GrpcServer(Descriptor listener, GrpcHandler handler, const GrpcLimits& limits,
                       std::function<bool(int)> approve)
    : listener_(std::move(listener)),
      limits_(limits),
      tick_(std::min(std::chrono::milliseconds(500), limits.sign_of_life)),
      approve_(std::move(approve)),
      workers_(std::move(handler), limits.workers, limits.connections * limits.calls) {}

GrpcServer::~GrpcServer() = default;

void GrpcServer::run(int stop) {
  std::vector<pollfd> waiting;
  std::vector<std::uint64_t> numbers;  // of the connections in `waiting`
  for (;;) {
    waiting = {{stop, POLLIN, 0}, {workers_.done_signal(), POLLIN, 0}};
    const bool accepting = Clock::now() >= accept_again_;
    waiting.push_back({accepting ? listener_.get() : -1, POLLIN, 0});
    const std::size_t others = waiting.size();
    numbers.clear();
    for (const auto& [number, connection] : connections_) {
      const int events = POLLIN | (connection->has_output() ? POLLOUT : 0);
      waiting.push_back({connection->socket(), static_cast<short>(events), 0});
      numbers.push_back(number);
    }
    const bool timed = !connections_.empty() || !accepting;
    if (::poll(waiting.data(), waiting.size(), timed ? static_cast<int>(tick_.count()) : -1) < 0 && errno != EINTR) {
      throw Error(ExitCode::generic, "poll: " + reason(errno));
    }
    if (waiting[0].revents != 0) break;
    if (waiting[1].revents != 0) send_answers();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (waiting[others + i].revents != 0) serve(numbers[i]);
    }
    if (waiting[2].revents != 0) accept_clients();
    keep_time();
  }
  for (auto& [number, connection] : connections_) {
    connection->go_away();
    connection->pump();
  }
  connections_.clear();
}

// The connection that was idle longest makes room for another one; false if none is idle.
bool GrpcServer::make_room() {
  if (connections_.size() < limits_.connections) return true;
  auto oldest = connections_.end();
  for (auto at = connections_.begin(); at != connections_.end(); ++at) {
    if (!at->second->is_idle()) continue;
    if (oldest == connections_.end() || at->second->idle_since() < oldest->second->idle_since()) oldest = at;
  }
  if (oldest == connections_.end()) return false;
  oldest->second->go_away();
  oldest->second->pump();
  connections_.erase(oldest);
  return true;
}

void GrpcServer::accept_clients() {
  for (std::size_t i = 0; i < limits_.connections; ++i) {
    Descriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.open()) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (errno == EAGAIN || errno == EWOULDBLOCK) return;
      if (errno != EMFILE && errno != ENFILE && errno != ENOBUFS && errno != ENOMEM) {
        throw Error(ExitCode::generic, "accept: " + reason(errno));
      }
      accept_again_ = Clock::now() + tick_;
      return;
    }
    if (!approve_(socket.get()) || !make_room()) continue;
    const std::uint64_t number = next_number_++;
    connections_[number] = std::make_unique<GrpcServerConnection>(std::move(socket), limits_);
    serve(number);
  }
}

void GrpcServer::serve(std::uint64_t number) {
  const auto found = connections_.find(number);
  if (found == connections_.end()) return;
  const bool going_on = found->second->pump();
  for (GrpcCall& call : found->second->take_calls()) {
    call.connection = number;
    const std::int32_t stream = call.stream;
    if (workers_.take(std::move(call))) continue;
    found->second->answer(stream, GrpcStatus{GrpcCode::resource_exhausted, "too many calls wait already"});
  }
  if (!going_on) drop(number);
}

void GrpcServer::send_answers() {
  for (GrpcWorkers::Done& done : workers_.take_done()) {
    const auto found = connections_.find(done.connection);
    if (found == connections_.end()) continue;
    found->second->answer(done.stream, done.reply);
    serve(done.connection);
  }
}

void GrpcServer::keep_time() {
  const Clock::time_point now = Clock::now();
  std::vector<std::uint64_t> over;
  for (const auto& [number, connection] : connections_) {
    if (!connection->keep_time(now)) over.push_back(number);
  }
  for (const std::uint64_t number : over) drop(number);
}

}  // namespace leafseal
