#include "log_line.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "text.hpp"

namespace twinsocket::app {

namespace {

constexpr std::array<std::string_view, 4> names{"debug", "info", "warning", "error"};

std::string utc(std::int64_t time) {
  const std::chrono::sys_time<std::chrono::milliseconds> now{std::chrono::milliseconds(time)};
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(now - day);
  std::array<char, 40> text;
  const int size =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                    static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                    static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

// Quotes values where logfmt needs it. Control characters are escaped, so that a client cannot forge log lines.
void add(std::string& line, std::string_view key, std::string_view value) {
  if (value.empty()) return;
  line.append(" ").append(key).append("=");
  const std::string shown = escape_control(value);
  if (shown.find_first_of(" \"=") == std::string::npos) {
    line += shown;
    return;
  }
  line += '"';
  for (const char c : shown) {
    if (c == '"') line += '\\';
    line += c;
  }
  line += '"';
}

}  // namespace

std::optional<log_level> parse_log_level(std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return {};
  return static_cast<log_level>(found - names.begin());
}

std::string log_line(const log_entry& entry, std::int64_t time) {
  std::string line = "time=" + utc(time);
  add(line, "level", names[static_cast<std::size_t>(entry.level)]);
  add(line, "event", entry.event);
  add(line, "detail", entry.detail);
  add(line, "client", entry.remote_address);
  add(line, "target", entry.target);
  return line += '\n';
}

}  // namespace twinsocket::app
