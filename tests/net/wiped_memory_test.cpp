// M1 of the HTTP layer: what a request carried and an answer brought is not found in the process afterwards.
#include <catch2/catch.hpp>
#include <cstring>
#include <fstream>
#include <sstream>

#include "leafseal/http.hpp"
#include "net/loopback_server.hpp"

using namespace leafseal;

#if !defined(__SANITIZE_ADDRESS__)  // its allocator keeps freed blocks
namespace {

// The canary stands nowhere in the program: it is its own bytes in reverse, and only a heap block holds it in order.
constexpr char reversed[] = "9f8e7d6c5b4a3z2y1x0w-yranac-terces-gnol-a";

std::string canary() { return {std::rbegin(reversed) + 1, std::rend(reversed)}; }

// How often it stands in writable memory, found without making a copy of it.
int copies_in_memory() {
  std::ifstream maps("/proc/self/maps");
  int found = 0;
  const std::size_t size = sizeof reversed - 1;
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::string range, mode;
    words >> range >> mode;
    if (!mode.starts_with("rw") || line.find("[v") != std::string::npos) continue;
    const auto* begin = reinterpret_cast<const char*>(std::stoull(range, nullptr, 16));
    const auto* end = reinterpret_cast<const char*>(std::stoull(range.substr(range.find('-') + 1), nullptr, 16));
    for (const char* at = begin; at + size <= end; ++at) {
      at = static_cast<const char*>(std::memchr(at, reversed[size - 1], static_cast<std::size_t>(end - at)));
      if (at == nullptr || at + size > end) break;
      std::size_t same = 0;
      while (same < size && at[same] == reversed[size - 1 - same]) ++same;
      found += same == size ? 1 : 0;
    }
  }
  return found;
}

void send_canary(const std::string& which) {
  Environment environment = LoopbackServer::environment();
  environment.variables["SSL_CERT_FILE"] = LoopbackServer::get().file("ca.pem");
  HttpRequest request;
  request.method = "PUT";
  request.url = LoopbackServer::get().url(which) + "/echo";
  request.headers = {{"X-Vault-Token", canary()}};
  request.body = "{\"plaintext\":\"" + canary() + "\"}";
  const HttpResponse response = http(environment).send(request, environment);  // echoes both
  REQUIRE(response.body.find(request.headers[0].second) != std::string::npos);
  REQUIRE(copies_in_memory() > 1);  // the search works
}

}  // namespace

TEST_CASE("M1: no token, body or answer stays in memory after a request") {
  for (const std::string which : {"http", "tls"}) {
    send_canary(which);
    INFO(which);
    CHECK(copies_in_memory() == 0);
  }
}
#endif
