#include "sensors/simulated.hpp"

#include "test.hpp"
#include <cmath>

#include "result_text.hpp"

using namespace twinsocket::app;

TEST_CASE("the simulated source has values that change slightly with every read") {
  auto source = make_simulated_source();
  REQUIRE(source);
  REQUIRE((*source)->name() == "simulated");
  auto before = (*source)->read({});
  REQUIRE(before);
  REQUIRE(before->readings.size() >= 3);
  for (int i = 0; i < 1'000; ++i) {
    auto now = (*source)->read({});
    REQUIRE(now->readings.size() == before->readings.size());
    for (std::size_t r = 0; r < now->readings.size(); ++r) {
      const demo::reading& reading = now->readings[r];
      const double step = std::abs(reading.value - before->readings[r].value);
      INFO(reading.label << " at read " << i);
      REQUIRE(reading.chip == "simulated");
      REQUIRE(step > 1e-6 * std::abs(reading.value));
      REQUIRE(step < 0.1 * std::abs(reading.value));
      if (reading.high) REQUIRE(reading.value < *reading.high);
    }
    before = std::move(now);
  }
  REQUIRE(before->text.starts_with("simulated\nCPU:"));
}
