#include "base/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <ctime>

#include "base/child_start.hpp"

namespace leafseal {
namespace {

constexpr std::size_t kept_errors = std::size_t{64} << 10;
constexpr std::size_t line_limit = std::size_t{16} << 20;

// A write to a child that has gone must be an error code, not the end of this process. The signal is held while
// writing and one that came of it is taken away, so no handler of the program's is touched.
class SigpipeHeld {
 public:
  SigpipeHeld() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    pending_before_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~SigpipeHeld() {
    const timespec at_once = {};
    if (!pending_before_)
      while (sigtimedwait(&pipe_, nullptr, &at_once) < 0 && errno == EINTR) continue;
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeHeld(const SigpipeHeld&) = delete;
  SigpipeHeld& operator=(const SigpipeHeld&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool pending_before_ = false;
};

bool again() { return errno == EINTR || errno == EAGAIN; }

// What a child prints may be a private key: it grows from one secret buffer to the next, never through a string.
class SecretSink {
 public:
  void add(std::span<const std::uint8_t> bytes) {
    if (size_ + bytes.size() > buffer_.size()) {
      SecretBytes larger(std::max(size_ + bytes.size(), 2 * buffer_.size()));
      std::copy_n(buffer_.data(), size_, larger.data());
      buffer_ = std::move(larger);
    }
    std::copy(bytes.begin(), bytes.end(), buffer_.data() + size_);
    size_ += bytes.size();
  }
  SecretBytes take() {
    buffer_.shrink(size_);
    return std::move(buffer_);
  }

 private:
  SecretBytes buffer_{4096};
  std::size_t size_ = 0;
};

// Feeds and drains all three pipes at once, so that no full pipe can block both sides.
class Exchange {
 public:
  Exchange(std::string_view input, Descriptor in, Descriptor out, Descriptor err)
      : input_(input), in_(std::move(in)), out_(std::move(out)), err_(std::move(err)) {
    fcntl(in_.get(), F_SETFL, O_NONBLOCK);
    if (input_.empty()) in_.close();
  }

  // Ends with the child's pipes, or after `limit` if that is not 0: then the result is late.
  void run(ChildResult& result, std::chrono::milliseconds limit) {
    const SigpipeHeld held;
    const auto deadline = std::chrono::steady_clock::now() + limit;
    while (out_.open() || err_.open()) {
      std::array<pollfd, 3> ready = {pollfd{in_.get(), POLLOUT, 0}, {out_.get(), POLLIN, 0}, {err_.get(), POLLIN, 0}};
      int wait_ms = -1;
      if (limit.count() != 0) {
        const auto left = deadline - std::chrono::steady_clock::now();
        wait_ms = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(left).count());
        result.late = wait_ms <= 0;
        if (result.late) break;
      }
      if (poll(ready.data(), ready.size(), wait_ms) <= 0) continue;
      if (ready[0].revents != 0) feed();
      if (ready[1].revents != 0) drain(out_, [&](auto bytes) { sink_.add(bytes); });
      if (ready[2].revents != 0) drain(err_, [&](auto bytes) { keep_errors(bytes, result.errors); });
    }
    wipe(chunk_.data(), chunk_.size());
    result.output = sink_.take();
  }

 private:
  void feed() {
    const ssize_t written = ::write(in_.get(), input_.data(), input_.size());
    if (written > 0) input_.remove_prefix(static_cast<std::size_t>(written));
    if (input_.empty() || (written < 0 && !again())) in_.close();
  }

  template <class Take>
  void drain(Descriptor& from, const Take& take) {
    const ssize_t got = ::read(from.get(), chunk_.data(), chunk_.size());
    if (got > 0)
      take(std::span<const std::uint8_t>(chunk_).first(static_cast<std::size_t>(got)));
    else if (got == 0 || !again())
      from.close();
  }

  static void keep_errors(std::span<const std::uint8_t> bytes, std::string& errors) {
    const std::size_t room = kept_errors - std::min(kept_errors, errors.size());
    errors.append(reinterpret_cast<const char*>(bytes.data()), std::min(room, bytes.size()));
  }

  std::string_view input_;
  Descriptor in_;
  Descriptor out_;
  Descriptor err_;
  SecretSink sink_;
  std::array<std::uint8_t, 4096> chunk_;
};

// Gives a child that was asked to end the time for it.
void end_child(int pid) {
  kill(pid, SIGINT);
  const timespec step = {0, 1'000'000};
  for (int i = 0; i < 5000; ++i) {
    const int done = waitpid(pid, nullptr, WNOHANG);
    if (done == pid || (done < 0 && errno != EINTR)) return;
    nanosleep(&step, nullptr);
  }
  kill(pid, SIGKILL);
  wait_for_child(pid);
}

}  // namespace

std::string describe_end(const ChildResult& result) {
  if (result.late) return "no end within its time";
  if (result.signal == 0) return "exit status " + std::to_string(result.exit_code);
  std::string name = strsignal(result.signal);  // lower-case, as the reference prints it
  if (name[0] >= 'A' && name[0] <= 'Z') name[0] = static_cast<char>(name[0] - 'A' + 'a');
  return "signal: " + name;
}

ChildResult run_child(const std::vector<std::string>& words, std::string_view input, const ChildOptions& options,
                      const Environment& environment) {
  PipeEnds in = make_pipe();
  PipeEnds out = make_pipe();
  PipeEnds err;
  if (!options.discard_errors) err = make_pipe();
  const int pid =
      start_child(words, {in.read.get(), out.write.get(), err.write.get()}, options, environment);
  in.read.close();
  out.write.close();
  if (err.write.open()) err.write.close();
  ChildResult exchanged;
  Exchange(input, std::move(in.write), std::move(out.read), std::move(err.read)).run(exchanged, options.time_limit);
  if (exchanged.late) kill(pid, SIGKILL);
  ChildResult result = wait_for_child(pid);
  result.late = exchanged.late;
  result.output = std::move(exchanged.output);
  result.errors = std::move(exchanged.errors);
  return result;
}

ChildResult run_in_terminal(const std::vector<std::string>& words, const ChildOptions& options,
                            const Environment& environment) {
  return wait_for_child(start_child(words, {}, options, environment));
}

ChildPipe::ChildPipe(const std::vector<std::string>& words, const ChildOptions& options,
                     const Environment& environment) {
  PipeEnds in = make_pipe();
  PipeEnds out = make_pipe();
  pid_ = start_child(words, {in.read.get(), out.write.get(), -1}, options, environment);
  in_ = std::move(in.write);
  out_ = std::move(out.read);
}

ChildPipe::~ChildPipe() {
  in_.close();
  out_.close();
  end_child(pid_);
  wipe(buffer_.data(), buffer_.size());
}

void ChildPipe::write(std::string_view bytes) {
  const SigpipeHeld held;
  while (!bytes.empty()) {
    const ssize_t written = ::write(in_.get(), bytes.data(), bytes.size());
    if (written < 0 && errno != EINTR)
      throw Error(ExitCode::generic, std::string("write |1: ") + reason(errno));
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::optional<std::string> ChildPipe::read_line() {
  int wait_ms = static_cast<int>(patience.count());
  for (std::size_t searched = begin_;;) {
    if (const std::size_t end = buffer_.find('\n', searched); end != std::string::npos) {
      std::string line = buffer_.substr(begin_, end - begin_);
      begin_ = end + 1;
      return line;
    }
    buffer_.erase(0, begin_);
    begin_ = 0;
    searched = buffer_.size();
    if (buffer_.size() > line_limit) throw Error(ExitCode::generic, "the child printed a line of more than 16 MiB");

    pollfd ready = {out_.get(), POLLIN, 0};
    const int polled = poll(&ready, 1, wait_ms);
    if (polled == 0) {
      wait_ms = -1;
      if (on_silence) on_silence();
    }
    if (polled <= 0) continue;
    std::array<char, 4096> chunk;
    const ssize_t got = ::read(out_.get(), chunk.data(), chunk.size());
    if (got > 0) buffer_.append(chunk.data(), static_cast<std::size_t>(got));
    wipe(chunk.data(), chunk.size());
    if (got == 0 || (got < 0 && !again())) return std::nullopt;
  }
}

}  // namespace leafseal
