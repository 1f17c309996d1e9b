#include "sensors/simulated.hpp"

#include "demo-site/server/simulated_readings.hpp"
#include "sensors/readings_text.hpp"

namespace twinsocket::app {

namespace {

class simulated_source final : public sensor_source {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "simulated"; }

  [[nodiscard]] result<sample> read(std::stop_token) override {
    sample out;
    out.readings = simulated_readings(reads_++, wall_clock_milliseconds());
    out.text = format_readings(out.readings);
    return out;
  }

 private:
  unsigned reads_ = 0;
};

}  // namespace

result<std::unique_ptr<sensor_source>> make_simulated_source() { return std::make_unique<simulated_source>(); }

}  // namespace twinsocket::app
