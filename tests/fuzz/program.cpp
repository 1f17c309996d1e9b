// Other input of the twinsocket program: output of sensor programs, text shown on a terminal, intervals and command
// lines.

#include <cmath>
#include <nlohmann/json.hpp>

#include "fuzz.hpp"
#include "pretty.hpp"
#include "sensors/interval.hpp"
#include "sensors/readings_text.hpp"
#include "sensors/split_words.hpp"
#include "sensors/valid_utf8.hpp"
#include "text.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

using namespace fuzz;
using namespace twinsocket::app;
using twinsocket::message;

namespace {

void check_readings(std::string_view printed) {
  const std::string text = to_valid_utf8(printed);
  expect(is_valid_utf8_reference(bytes_of(text)), "text is made valid UTF-8");
  expect(!is_valid_utf8_reference(bytes_of(printed)) || text == printed, "valid text stays as it is");

  const auto readings = parse_readings(text, 1'700'000'000'000);
  expect(readings.size() <= max_readings, "no more readings than that");
  for (const demo::reading& r : readings) {
    expect(!r.label.empty() && !r.kind.empty() && std::isfinite(r.value), "a reading has a label, a kind and a value");
    expect(is_valid_utf8_reference(bytes_of(r.label)) && is_valid_utf8_reference(bytes_of(r.unit)),
           "names are cut between characters");
  }
  static_cast<void>(format_readings(readings));
  demo::sensor_report report;
  report.readings = readings;
  expect(twinsocket::json.encode(report).has_value() && twinsocket::xml.encode(report).has_value(),
         "readings can be sent");
}

void check_shown(std::string_view text) {
  const message document(text);
  if (const auto pretty = pretty_json(document)) {
    const auto before = twinsocket::json.decode<nlohmann::json>(document);
    const auto after = twinsocket::json.decode<nlohmann::json>(message(*pretty));
    expect(before && after && *before == *after, "an indented document says the same");
  }
  static_cast<void>(pretty_xml(document));
  if (!is_valid_utf8_reference(bytes_of(text))) return;
  const std::string shown = escape_control(text);
  expect(is_valid_utf8_reference(bytes_of(shown)), "what is shown is UTF-8");
  for (const unsigned char c : shown) expect(c >= ' ' && c != 0x7f, "what is shown does not steer a terminal");
}

void check_words(std::string_view line) {
  const auto words = split_words(line);
  if (!words) return;
  expect(!words->empty(), "a line has words");
  std::string quoted;
  for (const std::string& word : *words) {
    quoted += '"';
    for (const char c : word) quoted.append(c == '"' || c == '\\' ? "\\" : "").append(1, c);
    quoted += "\" ";
  }
  expect(*split_words(quoted) == *words, "words that are quoted are the same words");
}

void check_interval(std::string_view text) {
  const auto interval = parse_interval(text);
  if (interval) expect(*interval >= min_interval && *interval <= max_interval, "an interval is within its limits");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  exact_size_copy copy(std::as_bytes(std::span(data, size)));
  for (const auto check : {check_readings, check_shown, check_words, check_interval}) check(copy.text());
  return 0;
}
