// GrpcWorkers: threads that do what the calls of a GrpcServer ask for, so that its own thread never waits. Threads begin
// when there is work for them.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/descriptor.hpp"
#include "net/grpc_status.hpp"

namespace leafseal {

struct GrpcCall {
  std::uint64_t connection = 0;
  std::int32_t stream = 0;
  std::string path;
  std::string message;
  std::shared_ptr<std::atomic<bool>> cancelled;  // the client no longer waits
};

using GrpcHandler = std::function<GrpcReply(const GrpcCall& call)>;

class GrpcWorkers {
 public:
  struct Done {
    std::uint64_t connection;
    std::int32_t stream;
    GrpcReply reply;
  };

  GrpcWorkers(GrpcHandler handler, std::size_t most_threads, std::size_t most_waiting);
  ~GrpcWorkers();  // waits for what is being worked on; what was not begun is dropped

  bool take(GrpcCall call);  // false when too many wait already
  int done_signal() const { return done_signal_.get(); }  // readable when there is something done
  std::vector<Done> take_done();
  bool at_work() const;  // something was taken and is not done

 private:
  void work();
  GrpcReply handle(const GrpcCall& call) const;

  const GrpcHandler handler_;
  const std::size_t most_threads_;
  const std::size_t most_waiting_;
  Descriptor done_signal_;
  mutable std::mutex mutex_;
  std::condition_variable more_;
  std::deque<GrpcCall> waiting_;
  std::vector<Done> done_;
  std::vector<std::thread> threads_;
  std::size_t busy_ = 0;
  bool ending_ = false;
};

}  // namespace leafseal
