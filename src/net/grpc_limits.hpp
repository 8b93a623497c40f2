// What clients of a GrpcServer may take: together with the size of messages it bounds memory and threads, whatever they
// send, and none can hold the others up.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace leafseal {

struct GrpcLimits {
  std::size_t connections = 64;  // more, and the one that was idle longest goes
  std::uint32_t calls = 8;       // of one connection, at once
  std::size_t workers = 8;       // calls that are worked on at once, of all connections
  std::size_t message = 128 * 1024;
  std::chrono::milliseconds greeting{10'000};      // from the connection to the client's first frame
  std::chrono::milliseconds call{30'000};          // from a call's first header to its end, and for taking the answer
  std::chrono::milliseconds idle{300'000};         // of a connection without calls
  std::chrono::milliseconds sign_of_life{10'000};  // how often a client hears that its call is being worked on
};

}  // namespace leafseal
