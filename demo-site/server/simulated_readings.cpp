#include "demo-site/server/simulated_readings.hpp"

#include <array>
#include <cmath>
#include <numbers>
#include <optional>

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

}  // namespace

std::vector<demo::reading> simulated_readings(unsigned read, std::int64_t time) {
  std::vector<demo::reading> readings;
  for (const wave& w : waves) {
    // A wave is a whole number of reads long: its crest is one of its points, and no two neighbours are equal.
    const double turn = static_cast<double>((read % reads_per_wave + w.lead) % reads_per_wave) / reads_per_wave;
    const double value = w.middle + w.swing * std::sin(2 * std::numbers::pi * turn);
    readings.push_back({"simulated", w.label, w.kind, value, w.unit, w.high, w.critical, time});
  }
  return readings;
}

}  // namespace twinsocket::app
