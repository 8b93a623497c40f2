// Where a key service listens: addresses, sockets, and what is said of those that are none.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "leafseal/error.hpp"
#include "net/endpoint.hpp"

using namespace leafseal;
using Clock = std::chrono::steady_clock;

namespace {

struct Folder {
  std::string path;
  Folder() {
    char pattern[] = "/tmp/lsn-XXXXXX";
    path = mkdtemp(pattern);
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

std::string dialled(const std::string& network, const std::string& address) {
  try {
    connect_to({network, address}, Clock::now() + std::chrono::seconds(5));
    return "connected";
  } catch (const Error& error) {
    return error.what();
  }
}

std::string listened(const std::string& network, const std::string& address) {
  try {
    Endpoint endpoint{network, address};
    const Descriptor socket = listen_at(endpoint);
    return "listening";
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("addresses are taken apart as Go takes them") {
  const auto parts = [](const std::string& address) {
    std::string problem;
    const auto found = split_host_port(address, problem);
    return found ? found->host + " " + found->port : problem;
  };
  CHECK(parts("127.0.0.1:5000") == "127.0.0.1 5000");
  CHECK(parts(":5000") == " 5000");
  CHECK(parts("[::1]:5000") == "::1 5000");
  CHECK(parts("host:") == "host ");
  CHECK(parts("127.0.0.1") == "missing port in address");
  CHECK(parts("::1:5000") == "too many colons in address");
  CHECK(parts("[::1]") == "missing port in address");
  CHECK(parts("[::1") == "missing ']' in address");
  CHECK(parts("") == "missing port in address");
}

TEST_CASE("N5: what stays on this machine is told from what leaves it") {
  for (const std::string address : {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1"}) {
    CHECK(is_local({"tcp", address}));
  }
  for (const std::string address : {"0.0.0.0:1", ":1", "[::]:1", "10.0.0.1:1", "localhost.example:1", "127.0.0.1.example:1", ""}) {
    CHECK(!is_local({"tcp", address}));
  }
  CHECK(is_local({"unix", "/x"}));
}

TEST_CASE("what keeps a connection from coming about is said as the reference says it") {
  const Folder folder;
  CHECK(dialled("unix", folder.path + "/none") == "dial unix " + folder.path + "/none: connect: no such file or directory");
  std::ofstream(folder.path + "/file");
  CHECK(dialled("unix", folder.path + "/file") == "dial unix " + folder.path + "/file: connect: connection refused");
  CHECK(dialled("unix", std::string(200, 'x')) == "dial unix " + std::string(200, 'x') + ": invalid argument");
  CHECK(dialled("tcp", "127.0.0.1:1") == "dial tcp 127.0.0.1:1: connect: connection refused");
  CHECK(dialled("tcp", "127.0.0.1") == "dial tcp: address 127.0.0.1: missing port in address");
  CHECK(dialled("tcp", "127.0.0.1:99999") == "dial tcp: address 99999: invalid port");
  CHECK(dialled("tcp6", "127.0.0.1:1") == "dial tcp6: address 127.0.0.1: no suitable address found");
  CHECK(dialled("foo", "127.0.0.1:1") == "dial foo: unknown network foo");
  CHECK(dialled("unix", "").find("the path is empty") != std::string::npos);
}

TEST_CASE("N5: a unix socket is its owner's alone, and one that nobody serves makes room") {
  const Folder folder;
  const std::string path = folder.path + "/s";
  Endpoint endpoint{"unix", path};
  {
    const Descriptor server = listen_at(endpoint);
    struct stat status = {};
    REQUIRE(::lstat(path.c_str(), &status) == 0);
    CHECK(S_ISSOCK(status.st_mode));
    CHECK((status.st_mode & 07777) == 0600);
    const Descriptor client = connect_to(endpoint, Clock::now() + std::chrono::seconds(5));
    CHECK(peer_user(client.get()) == ::geteuid());
    CHECK(listened("unix", path) == "listen unix " + path + ": bind: address already in use");
  }
  CHECK(std::filesystem::exists(path));  // as a killed server leaves it
  CHECK(listened("unix", path) == "listening");
  std::ofstream(folder.path + "/file") << "precious";
  CHECK(listened("unix", folder.path + "/file") == "listen unix " + folder.path + "/file: bind: address already in use");
  CHECK(std::filesystem::file_size(folder.path + "/file") == 8);
  CHECK(listened("unix", folder.path + "/no/s") == "listen unix " + folder.path + "/no/s: bind: no such file or directory");
}

TEST_CASE("a port is listened at, chosen, or in use") {
  Endpoint endpoint{"tcp", "127.0.0.1:0"};
  const Descriptor server = listen_at(endpoint);
  CHECK(endpoint.address != "127.0.0.1:0");
  const Descriptor client = connect_to(endpoint, Clock::now() + std::chrono::seconds(5));
  CHECK(!peer_user(client.get()));
  CHECK(listened("tcp", endpoint.address) == "listen tcp " + endpoint.address + ": bind: address already in use");
  CHECK(listened("tcp", "127.0.0.1") == "listen tcp: address 127.0.0.1: missing port in address");
  CHECK(listened("udp", "127.0.0.1:0") == "listen udp: unknown network udp");
}
