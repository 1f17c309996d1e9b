#include "sensors/interval.hpp"

#include "test.hpp"
#include <string>

#include "result_text.hpp"

using namespace std::chrono_literals;
using twinsocket::app::parse_interval;

TEST_CASE("parse_interval() accepts a number with a unit") {
  REQUIRE(*parse_interval("2s") == 2s);
  REQUIRE(*parse_interval("500ms") == 500ms);
  REQUIRE(*parse_interval("1m") == 1min);
  REQUIRE(*parse_interval("0.25s") == 250ms);
  REQUIRE(*parse_interval("1.5m") == 90s);
}

TEST_CASE("parse_interval() accepts 10ms to 1h") {
  REQUIRE(*parse_interval("10ms") == 10ms);
  REQUIRE(*parse_interval("1h") == 1h);
  for (const char* text : {"9ms", "0s", "61m", "1.01h", "99999999999999999999s", "1e9s", "-1s"})
    REQUIRE(parse_interval(text).error() == twinsocket::errc::invalid_argument);
}

TEST_CASE("parse_interval() rejects other text with the allowed forms") {
  for (const char* text :
       {"", "2", "s", "2 s", "2x", "two seconds", "nan s", "nans", "infs", "2s ", " 2s", "+2s", "0x2s"}) {
    const auto parsed = parse_interval(text);
    INFO(text);
    REQUIRE_FALSE(parsed);
    std::string expected = "\"";
    expected.append(text).append(
        "\" is not an interval; write a number and a unit, such as 500ms, 2s or 1m, from 10ms to 1h");
    REQUIRE(parsed.error().detail() == expected);
  }
}
