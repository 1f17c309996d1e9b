#include "transcript.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <optional>
#include <utility>

#include "pretty.hpp"
#include "text.hpp"

namespace twinsocket::app {

namespace {

std::string time_of_day() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  const auto rest = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count() % 1000;
  // Its result belongs to the C library, which only this thread asks for the local time.
  const std::tm local = *std::localtime(&seconds);
  std::array<char, 40> text;
  const int size = std::snprintf(text.data(), text.size(), "%02d:%02d:%02d.%03d", local.tm_hour, local.tm_min,
                                 local.tm_sec, static_cast<int>(rest));
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::string format_content(const message& m, const connect_settings& settings) {
  std::optional<std::string> pretty;
  if (settings.json) pretty = pretty_json(m);
  if (settings.xml && !pretty) pretty = pretty_xml(m);
  if (pretty) return *std::move(pretty);
  return m.is_text() ? std::string(m.text()) : hex(m.bytes());
}

std::string format_message(char direction, const message& m, const connect_settings& settings) {
  const std::string content = format_content(m, settings);
  const bool several = content.find('\n') != content.npos;
  return time_of_day() + ' ' + direction + (m.is_text() ? " text  " : " binary") + (several ? "\n" : " ") + content;
}

std::string format_notice(std::string_view what) { return time_of_day() + " - " + std::string(what); }

}  // namespace twinsocket::app
