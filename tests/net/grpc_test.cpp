// gRPC's client against its server: calls, statuses, limits, and what breaks the protocol on either side.
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "leafseal/error.hpp"
#include "net/endpoint.hpp"
#include "net/grpc_channel.hpp"
#include "net/grpc_server.hpp"

using namespace leafseal;
using namespace std::string_literals;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

std::string outcome(const GrpcReply& reply) {
  if (const auto* status = std::get_if<GrpcStatus>(&reply)) return status->text();
  return std::get<std::string>(reply);
}

// A unix socket in a folder of its own.
struct SocketPlace {
  std::string folder;
  Endpoint endpoint;
  SocketPlace() {
    char pattern[] = "/tmp/lsn-XXXXXX";
    folder = mkdtemp(pattern);
    endpoint = {"unix", folder + "/s"};
  }
  ~SocketPlace() { std::filesystem::remove_all(folder); }
};

// Answers /echo with the message, /refuse with a status, /wait after 400 ms.
class Server {
 public:
  explicit Server(GrpcLimits limits = {}) : stop_(::eventfd(0, EFD_CLOEXEC)) {
    const GrpcHandler handler = [this](const GrpcCall& call) -> GrpcReply {
      ++handled;
      if (call.path == "/refuse") return GrpcStatus{GrpcCode::permission_denied, "100% refused\nby \xc3\xa4"};
      if (call.path == "/throw") throw Error(ExitCode::generic, "thrown");
      if (call.path == "/wait") std::this_thread::sleep_for(milliseconds(400));
      return call.message;
    };
    server_ = std::make_unique<GrpcServer>(listen_at(place.endpoint), handler, limits, [](int) { return true; });
    thread_ = std::thread([this] { server_->run(stop_.get()); });
  }
  ~Server() { end(); }
  void end() {
    if (!thread_.joinable()) return;
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t told = ::write(stop_.get(), &one, sizeof one);
    thread_.join();
    server_.reset();
  }
  Descriptor dial() const { return connect_to(place.endpoint, Clock::now() + std::chrono::seconds(5)); }

  SocketPlace place;
  std::atomic<int> handled{0};

 private:
  Descriptor stop_;
  std::unique_ptr<GrpcServer> server_;
  std::thread thread_;
};

// Answers each connection's first bytes with `bytes`, then waits for the client to go, or closes at once.
class FakeServer {
 public:
  FakeServer(std::string bytes, bool closes) : bytes_(std::move(bytes)), closes_(closes), listener_(listen_at(place.endpoint)) {
    thread_ = std::thread([this] {
      for (;;) {
        Descriptor socket(::accept(blocking(listener_.get()), nullptr, nullptr));
        if (ended_ || !socket.open()) return;
        ++connections;
        char buffer[4096];
        [[maybe_unused]] ssize_t got = ::recv(socket.get(), buffer, sizeof buffer, 0);
        ::send(socket.get(), bytes_.data(), bytes_.size(), MSG_NOSIGNAL);
        while (!closes_ && (got = ::recv(socket.get(), buffer, sizeof buffer, 0)) > 0) continue;
      }
    });
  }
  ~FakeServer() {
    ended_ = true;
    const Descriptor wake = connect_to(place.endpoint, Clock::now() + std::chrono::seconds(5));
    thread_.join();
  }
  SocketPlace place;
  std::atomic<int> connections{0};

 private:
  static int blocking(int fd) {
    ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) & ~O_NONBLOCK);
    return fd;
  }
  std::string bytes_;
  bool closes_;
  Descriptor listener_;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, const std::string& payload) {
  std::string out;
  for (int shift = 16; shift >= 0; shift -= 8) out += static_cast<char>(payload.size() >> shift);
  out += {static_cast<char>(type), static_cast<char>(flags)};
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(stream >> shift);
  return out + payload;
}

const std::string settings = frame(4, 0, 0, "");
const std::string preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + settings;

std::string field(const std::string& name, const std::string& value) {
  return "\0"s + static_cast<char>(name.size()) + name + static_cast<char>(value.size()) + value;
}

std::string target(const std::string& path) {
  return "\x86"s + field(":path", path) + field(":authority", "x");  // :scheme http
}

// What the other side does with these bytes within two seconds: what it sends, and whether it hangs up.
std::pair<std::string, bool> talk(const Descriptor& socket, const std::string& bytes, milliseconds patience = milliseconds(2000)) {
  ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
  std::string got;
  const Clock::time_point end = Clock::now() + patience;
  while (Clock::now() < end) {
    char buffer[4096];
    const ssize_t size = ::recv(socket.get(), buffer, sizeof buffer, MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN)) return {got, true};
    if (size > 0) got.append(buffer, static_cast<std::size_t>(size));
    std::this_thread::sleep_for(milliseconds(5));
  }
  return {got, false};
}

std::string call_within(const Endpoint& endpoint, milliseconds patience = milliseconds(300)) {
  GrpcChannel channel(endpoint);
  channel.patience = patience;
  return outcome(channel.call("/echo", "x"));
}

}  // namespace

TEST_CASE("a call brings its answer or its status, and one connection serves many") {
  Server server;
  int connections = 0;
  GrpcChannel channel(server.place.endpoint, [&](int) { ++connections; });
  CHECK(outcome(channel.call("/echo", "hello")) == "hello");
  CHECK(outcome(channel.call("/echo", "")) == "");
  const std::string large(100'000, 'x');  // more than one window
  CHECK(outcome(channel.call("/echo", large)) == large);
  CHECK(outcome(channel.call("/refuse", "x")) == "rpc error: code = PermissionDenied desc = 100% refused\nby \xc3\xa4");
  CHECK(outcome(channel.call("/throw", "x")) == "rpc error: code = Unknown desc = thrown");
  for (int i = 0; i < 200; ++i) CHECK(outcome(channel.call("/echo", std::to_string(i))) == std::to_string(i));
  CHECK(connections == 1);
}

TEST_CASE("threads share eight connections at most") {
  Server server;
  std::atomic<int> connections{0}, good{0};
  GrpcChannel channel(server.place.endpoint, [&](int) { ++connections; });
  std::vector<std::thread> threads;
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      for (int j = 0; j < 20; ++j) {
        const std::string text = std::to_string(i) + "/" + std::to_string(j);
        if (outcome(channel.call("/echo", text)) == text) ++good;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(good == 16 * 20);
  CHECK(connections <= 8);
}

TEST_CASE("a server that was started again is asked again, once") {
  SocketPlace place;
  const auto start = [&] {
    auto server = std::make_unique<Server>();
    std::filesystem::remove(place.endpoint.address);
    std::filesystem::create_symlink(server->place.endpoint.address, place.endpoint.address);
    return server;
  };
  auto server = start();
  GrpcChannel channel(place.endpoint);
  CHECK(outcome(channel.call("/echo", "1")) == "1");
  server.reset();
  server = start();
  CHECK(outcome(channel.call("/echo", "2")) == "2");
  server.reset();
  CHECK(outcome(channel.call("/echo", "3")).find("code = Unavailable") != std::string::npos);
}

TEST_CASE("N4: what is no gRPC server is one clear status, in time") {
  CHECK(call_within({"unix", "/no/such"}).find("Unavailable desc = connection error: desc = \"transport: Error while dialing: "
                                               "dial unix /no/such: connect: no such file or directory\"") != std::string::npos);
  {
    FakeServer silent("", false);
    const auto begin = Clock::now();
    CHECK(call_within(silent.place.endpoint) == "rpc error: code = DeadlineExceeded desc = no answer within 1 s");
    CHECK(Clock::now() - begin < std::chrono::seconds(5));
  }
  {
    FakeServer greets(settings, false);
    CHECK(call_within(greets.place.endpoint).find("DeadlineExceeded") != std::string::npos);
  }
  const auto said = [](const std::string& bytes, bool closes) {
    FakeServer server(bytes, closes);
    return call_within(server.place.endpoint, milliseconds(2000));
  };
  CHECK(said("", true) ==
        "rpc error: code = Unavailable desc = connection error: desc = \"error reading server preface: EOF\"");
  CHECK(said("HTTP/1.1 400 Bad Request\r\n\r\n", true).find("the server speaks HTTP/1") != std::string::npos);
  CHECK(said("SSH-2.0-OpenSSH_9.2\r\n", false).find("code = Unavailable") != std::string::npos);
  CHECK(said(std::string(5000, '\xff'), false).find("code = Unavailable") != std::string::npos);
  CHECK(said(settings, true).find("error reading from server: ") != std::string::npos);
  CHECK(said(settings + frame(7, 0, 0, "\0\0\0\0\0\0\0\0"s), false).find("Unavailable") != std::string::npos);  // GOAWAY
  CHECK(said(settings + frame(3, 0, 1, "\0\0\0\x08"s), false).find("HTTP/2 error 8") != std::string::npos);
  const auto answered = [&](const std::string& fields, const std::string& body, const std::string& trailers) {
    std::string bytes = settings + frame(1, body.empty() && trailers.empty() ? 5 : 4, 1, fields);
    if (!body.empty()) bytes += frame(0, trailers.empty() ? 1 : 0, 1, body);
    if (!trailers.empty()) bytes += frame(1, 5, 1, trailers);
    return said(bytes, false);
  };
  const std::string ok = "\x88"s + field("content-type", "application/grpc");
  CHECK(answered(ok, "\0\0\0\0\1x"s, field("grpc-status", "0")) == "x");
  CHECK(answered(ok, "\0\0\0\0\2x"s, field("grpc-status", "0")).find("cut off") != std::string::npos);
  CHECK(answered(ok, "\1\0\0\0\1x"s, field("grpc-status", "0")).find("compressed") != std::string::npos);
  CHECK(answered(ok, "\0\0\0\0\1x\0\0\0\0\0"s, field("grpc-status", "0")).find("more than one") != std::string::npos);
  CHECK(answered(ok, "", field("grpc-status", "0")).find("cut off") != std::string::npos);
  CHECK(answered(ok, "\0\0\0\0\1x"s, "").find("without a status") != std::string::npos);
  CHECK(answered(ok + field("grpc-status", "5") + field("grpc-message", "no%20key"), "", "") ==
        "rpc error: code = NotFound desc = no key");
  CHECK(answered(ok + field("grpc-status", "nine"), "", "").find("malformed grpc-status") != std::string::npos);
  CHECK(answered(ok + field("grpc-status", "77"), "", "").find("code = Code(77)") != std::string::npos);
  CHECK(answered("\x88"s + field("content-type", "text/html"), "<html>", "").find("no gRPC server") != std::string::npos);
  CHECK(answered("\x8d"s, "", "").find("code = Unimplemented") != std::string::npos);  // 404
  CHECK(answered("\x8e"s, "", "").find("code = Unknown") != std::string::npos);        // 500
  std::string much = settings + frame(1, 4, 1, ok);
  for (int i = 0; i < 80; ++i) much += frame(0, 0, 1, std::string(16'384, 'x'));
  CHECK(said(much, false).find("code = ") != std::string::npos);  // the window, or the limit
}

TEST_CASE("a slow call shows signs of life and is waited for; a slow server that does not is not") {
  GrpcLimits limits;
  limits.sign_of_life = milliseconds(50);
  Server lively(limits);
  GrpcChannel channel(lively.place.endpoint);
  channel.patience = milliseconds(200);
  CHECK(outcome(channel.call("/wait", "x")) == "x");
  GrpcLimits quiet;
  Server silent(quiet);
  GrpcChannel impatient(silent.place.endpoint);
  impatient.patience = milliseconds(200);
  CHECK(outcome(impatient.call("/wait", "x")).find("DeadlineExceeded") != std::string::npos);
}

TEST_CASE("a server refuses what is too large, no gRPC, or no HTTP/2, and goes on serving others") {
  GrpcLimits limits;
  limits.message = 1000;
  Server server(limits);
  GrpcChannel channel(server.place.endpoint);
  CHECK(outcome(channel.call("/echo", std::string(1000, 'x'))).size() == 1000);
  CHECK(outcome(channel.call("/echo", std::string(1001, 'x'))) ==
        "rpc error: code = ResourceExhausted desc = grpc: received message larger than max (1001 vs. 1000)");
  CHECK(outcome(channel.call("/echo", std::string(1'000'000, 'x'))).find("ResourceExhausted") != std::string::npos);
  const auto ask = [&](const std::string& bytes) { return talk(server.dial(), bytes, milliseconds(500)); };
  for (const std::string& bytes : {"GET / HTTP/1.1\r\n\r\n"s, std::string(100, '\xff'), "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"s + std::string(100, '\xff')}) {
    CHECK(ask(bytes).second);
  }
  const std::string get = "\x82"s + target("/echo"), post = "\x83"s + target("/echo");
  CHECK(ask(preface + frame(1, 5, 1, get)).first.find("405") != std::string::npos);
  CHECK(ask(preface + frame(1, 5, 1, post)).first.find("415") != std::string::npos);
  const std::string grpc = post + field("content-type", "application/grpc");
  for (const std::string& message : {"\0\0\0\0\5x"s, "\1\0\0\0\1x"s, "\0\0"s, "\0\0\0\0\1xy"s}) {
    const auto [got, ended] = ask(preface + frame(1, 4, 1, grpc) + frame(0, 1, 1, message));
    CHECK(!ended);
    CHECK(got.find("\x01\x05\0\0\0\x01"s) != std::string::npos);  // headers and nothing else: the status
    CHECK(server.handled == 1);  // the one of 1000 bytes
  }
  CHECK(outcome(channel.call("/echo", "still there")) == "still there");
}

TEST_CASE("a server's limits hold whoever opens connections, opens calls and ends them, or stops reading") {
  GrpcLimits limits;
  limits.connections = 4;
  limits.calls = 2;
  limits.workers = 1;
  limits.greeting = limits.call = limits.idle = milliseconds(700);
  Server server(limits);
  std::vector<Descriptor> mute;
  for (int i = 0; i < 10; ++i) mute.push_back(server.dial());
  CHECK(call_within(server.place.endpoint, milliseconds(3000)) == "x");  // the idle ones make room
  CHECK(talk(mute.back(), "", milliseconds(3000)).second);               // nobody waits for a greeting for ever
  const std::string grpc = "\x83"s + target("/wait") + field("content-type", "application/grpc");
  std::string resets = preface;  // open a call, give it up, and again
  for (std::uint32_t i = 1; i < 400; i += 2) {
    resets += frame(1, 4, i, grpc) + frame(0, 1, i, "\0\0\0\0\1x"s) + frame(3, 0, i, "\0\0\0\x08"s);
  }
  const int before = server.handled;
  const Descriptor rapid = server.dial();
  talk(rapid, resets, milliseconds(1000));
  CHECK(server.handled - before <= 8);
  const Descriptor unfinished = server.dial();
  CHECK(talk(unfinished, preface + frame(1, 4, 1, grpc), milliseconds(4000)).second);  // never sends its message
  std::string pings = preface;
  for (int i = 0; i < 20'000; ++i) pings += frame(6, 0, 0, "12345678");
  const Descriptor flood = server.dial();
  ::send(flood.get(), pings.data(), pings.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  CHECK(call_within(server.place.endpoint, milliseconds(3000)) == "x");
}

TEST_CASE("a call that its client gave up is not begun") {
  GrpcLimits limits;
  limits.workers = 1;
  Server server(limits);
  GrpcChannel patient(server.place.endpoint), impatient(server.place.endpoint);
  impatient.patience = milliseconds(50);
  std::thread first([&] { patient.call("/wait", "x"); });
  std::this_thread::sleep_for(milliseconds(100));
  CHECK(outcome(impatient.call("/echo", "x")).find("DeadlineExceeded") != std::string::npos);
  first.join();
  CHECK(outcome(patient.call("/echo", "y")) == "y");
  CHECK(server.handled == 2);
}
