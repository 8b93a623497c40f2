#include "net/endpoint.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>

#include "leafseal/error.hpp"
#include "net/hosts.hpp"

namespace leafseal {
namespace {

using Clock = std::chrono::steady_clock;
using Addresses = std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)>;

Error failure(const std::string& what, const std::string& why) { return {ExitCode::generic, what + ": " + why}; }

std::string what_failed(const char* verb, const Endpoint& endpoint) {
  return std::string(verb) + " " + quoted(endpoint.network) + " " + quoted(endpoint.address);
}

// The port as the system wants it: a number, or a service's name.
void check_port(const std::string& port, const std::string& what) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (port.empty() || (error == std::errc() && end == port.data() + port.size() && number <= 65535)) return;
  if (std::any_of(port.begin(), port.end(), [](char c) { return c < '0' || c > '9'; })) return;
  throw failure(what, "address " + quoted(port) + ": invalid port");
}

Addresses resolve(const char* verb, const Endpoint& endpoint, bool to_listen) {
  const std::string what = std::string(verb) + " " + quoted(endpoint.network);
  if (endpoint.network != "tcp" && endpoint.network != "tcp4" && endpoint.network != "tcp6") {
    throw failure(what, "unknown network " + quoted(endpoint.network));
  }
  std::string problem;
  const auto parts = split_host_port(endpoint.address, problem);
  if (!parts) throw failure(what, "address " + quoted(endpoint.address) + ": " + problem);
  check_port(parts->port, what);
  addrinfo wanted = {};
  wanted.ai_family = endpoint.network == "tcp4" ? AF_INET : endpoint.network == "tcp6" ? AF_INET6 : AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = to_listen ? AI_PASSIVE : 0;
  addrinfo* found = nullptr;
  const int code = ::getaddrinfo(parts->host.empty() ? nullptr : parts->host.c_str(),
                                 parts->port.empty() ? "0" : parts->port.c_str(), &wanted, &found);
  if (code == EAI_ADDRFAMILY || code == EAI_NODATA) {
    throw failure(what, "address " + quoted(parts->host) + ": no suitable address found");
  }
  if (code == EAI_NONAME) throw failure(what, "lookup " + quoted(parts->host) + ": no such host");
  if (code == EAI_SERVICE) throw failure(what, "lookup tcp/" + quoted(parts->port) + ": unknown port");
  if (code != 0) throw failure(what, "lookup " + quoted(parts->host) + ": " + ::gai_strerror(code));
  return {found, ::freeaddrinfo};
}

sockaddr_un unix_address(const Endpoint& endpoint, const std::string& what) {
  sockaddr_un address = {};
  address.sun_family = AF_UNIX;
  if (endpoint.address.empty()) throw failure(what, "the path is empty");
  if (endpoint.address.size() >= sizeof address.sun_path || endpoint.address.find('\0') != std::string::npos) {
    throw failure(what, "invalid argument");
  }
  std::memcpy(address.sun_path, endpoint.address.data(), endpoint.address.size());
  return address;
}

Descriptor new_socket(int family) { return Descriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)); }

// 0, or the errno of a connection that does not come about.
int connect_socket(int fd, const sockaddr* address, socklen_t size, Clock::time_point deadline) {
  if (::connect(fd, address, size) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return ETIMEDOUT;
    pollfd waiting = {fd, POLLOUT, 0};
    if (::poll(&waiting, 1, static_cast<int>(left)) <= 0) continue;
    int error = 0;
    socklen_t error_size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &error_size);
    return error;
  }
}

void send_at_once(int fd) {
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

Descriptor connect_to_path(const Endpoint& endpoint, Clock::time_point deadline) {
  const std::string what = what_failed("dial", endpoint);
  const sockaddr_un address = unix_address(endpoint, what);
  Descriptor fd = new_socket(AF_UNIX);
  const int error = fd.open() ? connect_socket(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address, deadline) : errno;
  if (error != 0) throw failure(what, "connect: " + reason(error));
  return fd;
}

bool nobody_listens(const sockaddr_un& address) {
  struct stat status = {};
  if (::lstat(address.sun_path, &status) != 0 || !S_ISSOCK(status.st_mode)) return false;
  const Descriptor fd = new_socket(AF_UNIX);
  return fd.open() && ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 &&
         errno == ECONNREFUSED;
}

Descriptor listen_at_path(const Endpoint& endpoint) {
  const std::string what = what_failed("listen", endpoint);
  const sockaddr_un address = unix_address(endpoint, what);
  Descriptor fd = new_socket(AF_UNIX);
  const auto bind_it = [&] { return ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0; };
  const mode_t mask = ::umask(0177);
  bool bound = bind_it();
  if (!bound && errno == EADDRINUSE && nobody_listens(address) && ::unlink(address.sun_path) == 0) bound = bind_it();
  const int error = errno;
  ::umask(mask);
  if (!bound) throw failure(what, "bind: " + reason(error));
  if (::listen(fd.get(), SOMAXCONN) != 0) throw failure(what, "listen: " + reason(errno));
  return fd;
}

void note_chosen_port(int fd, Endpoint& endpoint) {
  std::string problem;
  const auto asked = split_host_port(endpoint.address, problem);
  sockaddr_storage address = {};
  socklen_t size = sizeof address;
  char port[8] = {};
  if (!asked || (asked->port != "0" && !asked->port.empty())) return;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0 ||
      ::getnameinfo(reinterpret_cast<sockaddr*>(&address), size, nullptr, 0, port, sizeof port, NI_NUMERICSERV) != 0) {
    return;
  }
  const bool bracketed = asked->host.find(':') != std::string::npos;
  endpoint.address = (bracketed ? "[" + asked->host + "]" : asked->host) + ":" + port;
}

}  // namespace

std::optional<HostAndPort> split_host_port(const std::string& address, std::string& problem) {
  const std::size_t colon = address.rfind(':');
  const bool bracketed = address.starts_with('[');
  const std::size_t end = bracketed ? address.find(']') : colon;
  if (bracketed && end == std::string::npos) {
    problem = "missing ']' in address";
  } else if (colon == std::string::npos || (bracketed && colon < end) || (bracketed && colon != end + 1)) {
    problem = "missing port in address";
  } else if (!bracketed && address.find(':') != colon) {
    problem = "too many colons in address";
  } else {
    const std::size_t begin = bracketed ? 1 : 0;
    return HostAndPort{address.substr(begin, end - begin), address.substr(colon + 1)};
  }
  return std::nullopt;
}

bool is_local(const Endpoint& endpoint) {
  if (endpoint.is_unix()) return true;
  std::string problem;
  const auto parts = split_host_port(endpoint.address, problem);
  return parts && is_loopback(parts->host);
}

Descriptor connect_to(const Endpoint& endpoint, Clock::time_point deadline) {
  if (endpoint.is_unix()) return connect_to_path(endpoint, deadline);
  const Addresses addresses = resolve("dial", endpoint, false);
  int error = 0;
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    Descriptor fd = new_socket(address->ai_family);
    error = fd.open() ? connect_socket(fd.get(), address->ai_addr, address->ai_addrlen, deadline) : errno;
    if (error == 0) {
      send_at_once(fd.get());
      return fd;
    }
  }
  throw failure(what_failed("dial", endpoint), error == ETIMEDOUT ? "i/o timeout" : "connect: " + reason(error));
}

Descriptor listen_at(Endpoint& endpoint) {
  if (endpoint.is_unix()) return listen_at_path(endpoint);
  const Addresses addresses = resolve("listen", endpoint, true);
  int error = 0;
  for (const addrinfo* address = addresses.get(); address != nullptr; address = address->ai_next) {
    Descriptor fd = new_socket(address->ai_family);
    const int on = 1;
    if (fd.open()) ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd.open() && ::bind(fd.get(), address->ai_addr, address->ai_addrlen) == 0 && ::listen(fd.get(), SOMAXCONN) == 0) {
      note_chosen_port(fd.get(), endpoint);
      return fd;
    }
    error = errno;
  }
  throw failure(what_failed("listen", endpoint), "bind: " + reason(error));
}

std::optional<uid_t> peer_user(int fd) {
  ucred peer = {};
  socklen_t size = sizeof peer;
  int family = 0;
  socklen_t family_size = sizeof family;
  if (::getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &family_size) != 0 || family != AF_UNIX) return std::nullopt;
  if (::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0) return std::nullopt;
  return peer.uid;
}

}  // namespace leafseal
