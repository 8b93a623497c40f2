// Endpoint: where a key service listens - a unix socket or a TCP port - and the sockets for it. The reference names such
// places in Go's terms, in the addresses it takes and in its errors ("dial unix /x: connect: no such file or directory");
// both are kept.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/descriptor.hpp"

namespace leafseal {

struct Endpoint {
  std::string network;  // tcp, tcp4, tcp6 or unix
  std::string address;  // host:port, [host]:port, or a path
  bool is_unix() const { return network == "unix"; }
  std::string text() const { return network + "://" + address; }
};

struct HostAndPort {
  std::string host;  // an IPv6 address without its brackets; may be empty
  std::string port;
};
// Nothing, and Go's reason in `problem`, where the address is none.
std::optional<HostAndPort> split_host_port(const std::string& address, std::string& problem);

// localhost, 127.0.0.0/8, ::1, or a unix socket: bytes to it do not leave this machine.
bool is_local(const Endpoint& endpoint);

// A connected socket, non-blocking, before `deadline`. Throws Error{generic} "dial NETWORK ADDRESS: ...".
Descriptor connect_to(const Endpoint& endpoint, std::chrono::steady_clock::time_point deadline);

// A listening socket, non-blocking. A unix socket gets mode 0600, and one that a server left behind when it was killed
// makes room. `endpoint` then has the port that was chosen for port 0. Throws Error{generic} "listen NETWORK ADDRESS: ...".
Descriptor listen_at(Endpoint& endpoint);

// The user who holds the other end of a unix socket; nothing for others.
std::optional<uid_t> peer_user(int fd);

}  // namespace leafseal
