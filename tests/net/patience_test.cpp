#include "net/patience.hpp"

#include <catch2/catch.hpp>

using namespace leafseal;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {
Patience::Clock::time_point at(int second) {
  return Patience::Clock::time_point() + std::chrono::hours(1) + seconds(second);
}
}  // namespace

TEST_CASE("N4: a command waits in vain for so long, then no more") {
  Patience patience(seconds(120));
  for (int i = 0; i < 3; ++i) patience.lost(at(40 * i), at(40 * i + 30));
  CHECK(patience.left() == seconds(30));
  patience.lost(at(200), at(300));
  CHECK(patience.left() == milliseconds(0));
}

TEST_CASE("N4: threads that wait at the same time lose it once") {
  Patience patience(seconds(120));
  for (int thread = 0; thread < 8; ++thread) patience.lost(at(0), at(30));
  CHECK(patience.left() == seconds(90));
  patience.lost(at(20), at(40));
  patience.lost(at(5), at(10));
  CHECK(patience.left() == seconds(80));
}

TEST_CASE("N4: what answers quickly costs nothing, what drags costs what it drags") {
  Patience patience(seconds(120));
  for (int i = 0; i < 10'000; ++i) patience.answered(at(i), at(i) + milliseconds(900));
  CHECK(patience.left() == seconds(120));
  patience.answered(at(20'000), at(20'025));
  CHECK(patience.left() == seconds(96));
}
