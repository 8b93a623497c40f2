#include "net/grpc_workers.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <exception>
#include <utility>

#include "leafseal/error.hpp"

namespace leafseal {

GrpcWorkers::GrpcWorkers(GrpcHandler handler, std::size_t most_threads, std::size_t most_waiting)
    : handler_(std::move(handler)),
      most_threads_(most_threads),
      most_waiting_(most_waiting),
      done_signal_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!done_signal_.open()) throw Error(ExitCode::generic, "the key service cannot start: out of descriptors");
}

GrpcWorkers::~GrpcWorkers() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    waiting_.clear();
  }
  more_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

bool GrpcWorkers::take(GrpcCall call) {
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= most_waiting_) {
      std::erase_if(waiting_, [](const GrpcCall& other) { return other.cancelled->load(); });
    }
    if (waiting_.size() >= most_waiting_) return false;
    waiting_.push_back(std::move(call));
    if (busy_ + waiting_.size() > threads_.size() && threads_.size() < most_threads_) {
      threads_.emplace_back([this] { work(); });
    }
  }
  more_.notify_one();
  return true;
}

std::vector<GrpcWorkers::Done> GrpcWorkers::take_done() {
  std::uint64_t count = 0;
  [[maybe_unused]] const ssize_t got = ::read(done_signal_.get(), &count, sizeof count);
  const std::lock_guard lock(mutex_);
  return std::exchange(done_, {});
}

bool GrpcWorkers::at_work() const {
  const std::lock_guard lock(mutex_);
  return busy_ > 0 || !waiting_.empty();
}

GrpcReply GrpcWorkers::handle(const GrpcCall& call) const {
  if (*call.cancelled) return GrpcStatus{GrpcCode::cancelled, "the client has gone"};
  try {
    return handler_(call);
  } catch (const Error& error) {
    return GrpcStatus{GrpcCode::unknown, error.what()};
  } catch (const std::exception&) {  // what it says may quote a secret (security.md L5)
    return GrpcStatus{GrpcCode::internal, "internal error"};
  }
}

void GrpcWorkers::work() {
  std::unique_lock lock(mutex_);
  for (;;) {
    more_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
    if (ending_) return;
    const GrpcCall call = std::move(waiting_.front());
    waiting_.pop_front();
    ++busy_;
    lock.unlock();
    GrpcReply reply = handle(call);
    lock.lock();
    --busy_;
    done_.push_back({call.connection, call.stream, std::move(reply)});
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t told = ::write(done_signal_.get(), &one, sizeof one);
  }
}

}  // namespace leafseal
