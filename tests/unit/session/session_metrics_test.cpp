#include "session/session_metrics.hpp"

#include "test.hpp"

using namespace std::chrono_literals;
using twinsocket::detail::round_trip_histogram;

TEST_CASE("a round_trip_histogram counts each time in the bucket of the first bound that is not smaller") {
  constexpr auto& bounds = round_trip_histogram::bounds;
  round_trip_histogram times;
  for (std::size_t i = 0; i < bounds.size(); ++i) {
    times.add(bounds[i]);
    times.add(bounds[i] + 1ns);
  }
  CHECK(times.count(0) == 1);
  for (std::size_t i = 1; i < bounds.size(); ++i) CHECK(times.count(i) == 2);
  CHECK(times.count(bounds.size()) == 1);
  times.add(1h);
  CHECK(times.count(bounds.size()) == 2);
}

TEST_CASE("a round_trip_histogram sums up the times in nanoseconds") {
  round_trip_histogram times;
  CHECK(times.nanoseconds() == 0);
  times.add(1ms);
  times.add(2s);
  CHECK(times.nanoseconds() == 2'001'000'000);
}
