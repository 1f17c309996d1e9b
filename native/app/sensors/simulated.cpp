#include "sensors/simulated.hpp"

#include <array>
#include <cmath>
#include <numbers>

#include "sensors/readings_text.hpp"

namespace twinsocket::app {

namespace {

constexpr unsigned reads_per_wave = 60;

struct wave {
  const char* label;
  const char* kind;
  const char* unit;
  double middle;
  double swing;
  unsigned lead;  // phase, in reads, so that the waves differ
  std::optional<double> high;
  std::optional<double> critical;
};

const std::array waves{
    wave{"CPU", "temperature", "\u00b0C", 52, 9, 0, 80, 95},
    wave{"Board", "temperature", "\u00b0C", 34, 3, 12, 60, 75},
    wave{"Fan", "fan", "RPM", 1450, 250, 50, std::nullopt, std::nullopt},
    wave{"12 V rail", "voltage", "V", 12.05, 0.08, 25, 13.2, std::nullopt},
    wave{"Package", "power", "W", 38, 14, 5, 65, std::nullopt},
};

class simulated_source final : public sensor_source {
 public:
  [[nodiscard]] std::string_view name() const noexcept override { return "simulated"; }

  [[nodiscard]] result<sample> read(std::stop_token) override {
    sample out;
    const std::int64_t time = wall_clock_milliseconds();
    for (const wave& w : waves) {
      // A wave is a whole number of reads long: its crest is one of its points, and no two neighbours are equal.
      const double turn = static_cast<double>((reads_ + w.lead) % reads_per_wave) / reads_per_wave;
      const double value = w.middle + w.swing * std::sin(2 * std::numbers::pi * turn);
      out.readings.push_back({"simulated", w.label, w.kind, value, w.unit, w.high, w.critical, time});
    }
    reads_ = (reads_ + 1) % reads_per_wave;
    out.text = format_readings(out.readings);
    return out;
  }

 private:
  unsigned reads_ = 0;
};

}  // namespace

result<std::unique_ptr<sensor_source>> make_simulated_source() { return std::make_unique<simulated_source>(); }

}  // namespace twinsocket::app
