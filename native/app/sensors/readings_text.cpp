#include "sensors/readings_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

#include "codec/unicode.hpp"
#include "sensors/decimal.hpp"
#include "twinsocket/json.hpp"

namespace twinsocket::app {

namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::size_t max_name_size = 200;
constexpr std::size_t max_unit_size = 12;

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Names and units appear in JSON, XML and a page: no control characters, and nothing that XML excludes.
bool can_be_shown(std::string_view text) {
  while (!text.empty()) {
    const auto [c, size] = detail::first_character(text);
    if (size == 0 || c < 0x20 || c == 0x7f || !detail::is_xml_character(c)) return false;
    text.remove_prefix(size);
  }
  return true;
}

bool is_name(std::string_view text) { return text.size() <= max_name_size && can_be_shown(text); }

std::string format_value(double value, std::string_view unit) {
  std::array<char, 400> digits;  // room for the largest double written out
  const bool degrees = unit.starts_with("\u00b0");
  const int decimals = unit == "RPM" || unit == "MiB" ? 0 : degrees || unit == "%" ? 1 : 2;
  const auto end =
      std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, decimals).ptr;
  std::string text = degrees && value >= 0 ? "+" : "";
  text.append(digits.data(), end);
  if (!degrees && !unit.empty()) text += ' ';
  return text.append(unit);
}

struct measure {
  double value = 0;
  std::string unit;
};

struct known_unit {
  std::string_view unit;
  std::string_view kind;
};

constexpr std::array known_units{
    known_unit{"\u00b0C", "temperature"},
    known_unit{"\u00b0F", "temperature"},
    known_unit{"V", "voltage"},
    known_unit{"RPM", "fan"},
    known_unit{"W", "power"},
    known_unit{"J", "energy"},
    known_unit{"A", "current"},
    known_unit{"%RH", "humidity"},
    known_unit{"%", "load"},
    known_unit{"B", "memory"},
    known_unit{"KiB", "memory"},
    known_unit{"MiB", "memory"},
    known_unit{"GiB", "memory"},
};

struct known_prefix {
  std::string_view prefix;
  double factor;
};

constexpr std::array known_prefixes{
    known_prefix{"n", 1e-9}, known_prefix{"u", 1e-6}, known_prefix{"\u00b5", 1e-6},
    known_prefix{"m", 1e-3}, known_prefix{"k", 1e3},  known_prefix{"M", 1e6},
};

// In locales without a degree sign, `sensors` prints a blank for it.
void normalise(measure& m) {
  if (m.unit == "C" || m.unit == "degC") m.unit = "\u00b0C";
  if (m.unit == "F" || m.unit == "degF") m.unit = "\u00b0F";
  for (const std::string_view base : {"V", "W", "A", "J"})
    for (const auto& [prefix, factor] : known_prefixes)
      if (m.unit.size() == prefix.size() + base.size() && m.unit.starts_with(prefix) && m.unit.ends_with(base)) {
        m.value *= factor;
        m.unit = base;
        return;
      }
}

std::string_view kind_of(std::string_view unit) {
  const auto known =
      std::find_if(known_units.begin(), known_units.end(), [&](const auto& k) { return k.unit == unit; });
  return known == known_units.end() ? "other" : known->kind;
}

bool is_unit(std::string_view text) {
  const auto may_stand = [](unsigned char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '%' || c == '/' || c >= 0x80;
  };
  return text.size() <= max_unit_size && std::all_of(text.begin(), text.end(), may_stand) && can_be_shown(text);
}

// Parses "+45.0 C  (...)": a number, an optional unit, and more text. False for anything else, like 12:30 or 10.0.0.1.
bool read_measure(std::string_view text, measure& m) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto number = read_decimal(text, exponents::read);
  if (!number) return false;
  m.value = number->value;
  const std::string_view behind = trim(number->rest);
  m.unit = behind.substr(0, behind.find_first_of(" \t("));
  return is_unit(m.unit);
}

// Parses "(high = +80.0 C, crit = +100.0 C)". Ignores unknown limits and those in another unit than the reading.
void read_limits(std::string_view text, demo::reading& r, const std::string& printed_unit) {
  const std::size_t open = text.find('(');
  if (open == std::string_view::npos) return;
  text = text.substr(open + 1);
  text = text.substr(0, text.find(')'));
  while (!text.empty()) {
    const std::size_t comma = std::min(text.find(','), text.size());
    const std::string_view limit = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    const std::size_t equals = limit.find('=');
    measure m;
    if (equals == std::string_view::npos || !read_measure(limit.substr(equals + 1), m)) continue;
    if (m.unit.empty()) m.unit = printed_unit;
    normalise(m);
    if (m.unit != r.unit || !std::isfinite(m.value)) continue;
    const std::string_view key = trim(limit.substr(0, equals));
    if (key == "high" || key == "max") r.high = m.value;
    if (key == "crit" || key == "critical") r.critical = m.value;
  }
}

std::vector<demo::reading> parse_lines(std::string_view text, std::int64_t time) {
  std::vector<demo::reading> readings;
  std::string chip;
  std::string printed_unit;
  bool limits_may_follow = false;
  while (!text.empty() && readings.size() < max_readings) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));

    if (line.starts_with('(') && limits_may_follow) {
      read_limits(line, readings.back(), printed_unit);
      continue;
    }
    limits_may_follow = false;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) {
      chip = is_name(line) ? line : std::string_view();
      continue;
    }
    const std::string_view label = trim(line.substr(0, colon));
    const std::string_view rest = line.substr(colon + 1);
    measure m;
    if (label.empty() || !is_name(label) || !read_measure(rest, m)) continue;
    printed_unit = m.unit;
    normalise(m);
    if (!std::isfinite(m.value)) continue;
    readings.push_back({chip, std::string(label), std::string(kind_of(m.unit)), m.value, m.unit, {}, {}, time});
    read_limits(rest, readings.back(), printed_unit);
    limits_may_follow = true;
  }
  return readings;
}

// nullopt if the text is not JSON readings. It may still contain lines of readings, such as a log that starts with a [.
std::optional<std::vector<demo::reading>> parse_json(std::string_view text, std::int64_t time) {
  const message document(text);
  std::vector<demo::reading> readings;
  if (auto list = json.decode<std::vector<demo::reading>>(document))
    readings = std::move(*list);
  else if (auto report = json.decode<demo::sensor_report>(document))
    readings = std::move(report->readings);
  else
    return std::nullopt;
  const auto unusable = [](const demo::reading& r) {
    return r.label.empty() || !is_name(r.label) || !is_name(r.chip) || !is_name(r.kind) || !is_name(r.unit);
  };
  std::erase_if(readings, unusable);
  if (readings.size() > max_readings) readings.resize(max_readings);
  for (demo::reading& r : readings) {
    if (r.kind.empty()) r.kind = kind_of(r.unit);
    if (r.time == 0) r.time = time;
  }
  return readings;
}

}  // namespace

std::string format_chip(std::string_view adapter, std::span<const demo::reading> readings) {
  if (readings.empty()) return {};
  std::string text = readings.front().chip + "\n";
  if (!adapter.empty()) text.append("Adapter: ").append(adapter) += '\n';
  std::size_t width = 0;
  for (const demo::reading& r : readings) width = std::max(width, r.label.size());
  for (const demo::reading& r : readings) {
    text.append(r.label).append(":").append(width - r.label.size() + 2, ' ').append(format_value(r.value, r.unit));
    if (r.high) text.append("  (high = ").append(format_value(*r.high, r.unit));
    if (r.critical) text.append(r.high ? ", crit = " : "  (crit = ").append(format_value(*r.critical, r.unit));
    text += r.high || r.critical ? ")\n" : "\n";
  }
  return text += '\n';
}

std::string format_readings(std::span<const demo::reading> readings) {
  std::string text;
  while (!readings.empty()) {
    const auto end = std::find_if(readings.begin(), readings.end(),
                                  [&](const demo::reading& r) { return r.chip != readings.front().chip; });
    const auto size = static_cast<std::size_t>(end - readings.begin());
    text += format_chip({}, readings.first(size));
    readings = readings.subspan(size);
  }
  return text;
}

std::vector<demo::reading> parse_readings(std::string_view text, std::int64_t time) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  if (text[first] == '[' || text[first] == '{')
    if (auto readings = parse_json(text, time)) return *std::move(readings);
  return parse_lines(text, time);
}

}  // namespace twinsocket::app
