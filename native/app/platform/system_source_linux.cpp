#include "platform/system_source.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "sensors/cpu_load.hpp"
#include "sensors/decimal.hpp"
#include "sensors/readings_text.hpp"

namespace twinsocket::app {

namespace {

namespace fs = std::filesystem;

// The first line of a small kernel file, or nullopt if it cannot be read.
std::optional<std::string> first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  return line;
}

// The kernel reports zone temperatures in thousandths of a degree.
std::optional<double> degrees_in(const fs::path& path) {
  const auto line = first_line(path);
  if (!line) return std::nullopt;
  long thousandths = 0;
  const auto [rest, failure] = std::from_chars(line->data(), line->data() + line->size(), thousandths);
  // A missing sensor often reports less than absolute zero.
  if (failure != std::errc() || thousandths < -273'150) return std::nullopt;
  return static_cast<double>(thousandths) / 1000;
}

std::optional<cpu_time> read_cpu_time(const fs::path& root) {
  const auto line = first_line(root / "proc/stat");
  if (!line) return std::nullopt;
  std::istringstream fields(*line);
  std::string name;
  double user = 0, nice = 0, system = 0, idle = 0, waiting = 0;
  if (!(fields >> name >> user >> nice >> system >> idle) || name != "cpu") return std::nullopt;
  // The following fields came with later kernels. Guest time is already part of user time, so it is not read.
  double interrupts = 0, soft_interrupts = 0, stolen = 0;
  fields >> waiting >> interrupts >> soft_interrupts >> stolen;
  const double busy = user + nice + system + interrupts + soft_interrupts + stolen;
  return cpu_time{busy, busy + idle + waiting};
}

struct memory {
  double total = 0, available = 0, swap_total = 0, swap_free = 0;  // in MiB
};

std::optional<memory> read_memory(const fs::path& root) {
  std::ifstream file(root / "proc/meminfo");
  memory m;
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string name;
    double kibibytes = 0;
    if (!(fields >> name >> kibibytes)) continue;
    if (name == "MemTotal:") m.total = kibibytes / 1024;
    if (name == "MemAvailable:") m.available = kibibytes / 1024;
    if (name == "SwapTotal:") m.swap_total = kibibytes / 1024;
    if (name == "SwapFree:") m.swap_free = kibibytes / 1024;
  }
  if (m.total <= 0) return std::nullopt;
  return m;
}

class system_source final : public sensor_source {
 public:
  explicit system_source(fs::path root) : root_(std::move(root)), load_(read_cpu_time(root_)) {}

  [[nodiscard]] std::string_view name() const noexcept override { return "system"; }

  [[nodiscard]] result<sample> read(std::stop_token) override {
    sample out;
    time_ = wall_clock_milliseconds();
    read_load(out.readings);
    read_memory_use(out.readings);
    read_zones(out.readings);
    if (out.readings.empty())
      return error(errc::unsupported,
                   "the kernel gives no readings: there is nothing to read in proc/stat, "
                   "proc/meminfo, proc/loadavg and sys/class/thermal of " +
                       root_.string());
    out.text = format_readings(out.readings);
    return out;
  }

 private:
  using list = std::vector<demo::reading>;

  void read_load(list& to) {
    if (const auto now = read_cpu_time(root_))
      to.push_back({"cpu", "CPU load", "load", load_.update(*now), "%", {}, {}, time_});
    if (const auto line = first_line(root_ / "proc/loadavg")) {
      if (const auto average = read_decimal(*line, exponents::ignored))
        to.push_back({"cpu", "Load average", "load average", average->value, "", {}, {}, time_});
    }
  }

  void read_memory_use(list& to) const {
    const auto m = read_memory(root_);
    if (!m) return;
    to.push_back({"memory", "Memory used", "memory", 100 * (m->total - m->available) / m->total, "%", {}, {}, time_});
    to.push_back({"memory", "Memory available", "memory", m->available, "MiB", {}, {}, time_});
    if (m->swap_total > 0) {
      const double used = 100 * (m->swap_total - m->swap_free) / m->swap_total;
      to.push_back({"memory", "Swap used", "memory", used, "%", {}, {}, time_});
    }
  }

  void read_zones(list& to) const {
    std::error_code failure;
    std::vector<fs::path> zones;
    for (const auto& entry : fs::directory_iterator(root_ / "sys/class/thermal", failure))
      if (entry.path().filename().string().starts_with("thermal_zone")) zones.push_back(entry.path());
    // Numeric order: zone 2 before zone 10.
    std::sort(zones.begin(), zones.end(), [](const fs::path& a, const fs::path& b) {
      const auto key = [](const fs::path& p) { return std::pair(p.native().size(), p.native()); };
      return key(a) < key(b);
    });
    for (const fs::path& zone : zones) {
      const auto value = degrees_in(zone / "temp");
      if (!value) continue;
      const std::string chip = zone.filename().string();
      demo::reading r{chip, first_line(zone / "type").value_or(chip), "temperature", *value, "\u00b0C", {}, {}, time_};
      read_trip_points(zone, r);
      to.push_back(std::move(r));
    }
  }

  static void read_trip_points(const fs::path& zone, demo::reading& r) {
    for (int i = 0;; ++i) {
      const std::string point = "trip_point_" + std::to_string(i);
      const auto type = first_line(zone / (point + "_type"));
      if (!type) return;
      const auto degrees = degrees_in(zone / (point + "_temp"));
      // A trip point of 0 degrees or less is one that the firmware does not set.
      if (!degrees || *degrees <= 0) continue;
      if (*type == "critical") r.critical = degrees;
      // "hot" is the last point below critical. "passive" is where the system starts to throttle.
      if (*type == "hot" || (*type == "passive" && !r.high)) r.high = degrees;
    }
  }

  fs::path root_;
  cpu_load load_;
  std::int64_t time_ = 0;
};

}  // namespace

result<std::unique_ptr<sensor_source>> make_system_source(const fs::path& root) {
  auto source = std::make_unique<system_source>(root);
  // A test read shows whether there is anything to read.
  if (auto probe = source->read({}); !probe) return probe.error();
  return source;
}

}  // namespace twinsocket::app
