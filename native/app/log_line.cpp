#include "log_line.hpp"

#include <algorithm>
#include <array>
#include <ctime>

#include "text.hpp"

namespace twinsocket::app {

namespace {

constexpr std::array<std::string_view, 4> names{"debug", "info", "warning", "error"};

std::string utc(std::int64_t time) {
  const std::time_t seconds = time / 1'000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 32> text;
  const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  const std::string milliseconds = std::to_string(1'000 + time % 1'000);
  return std::string(text.data(), size) + "." + milliseconds.substr(1) + "Z";
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
