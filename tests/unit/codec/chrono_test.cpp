#include "twinsocket/chrono.hpp"

#include <limits>
#include <optional>

#include "codec_helpers.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

using namespace std::chrono;
using twinsocket::errc;
using twinsocket::json;
using twinsocket::xml;

namespace {

template <class Duration>
using time_of = time_point<system_clock, Duration>;
using exact_time = time_of<nanoseconds>;

struct reading {
  time_of<milliseconds> at;
  milliseconds wait{};
  duration<double> half{};
  std::optional<time_of<seconds>> until;
  bool operator==(const reading&) const = default;
};
BOOST_DESCRIBE_STRUCT(reading, (), (at, wait, half, until))
TWINSOCKET_NAMES(reading, "reading", (at, attribute))

std::string quote_for_error(std::string_view text) { return std::string(1, '"').append(text).append(1, '"'); }
std::string text_of(std::int64_t count) { return written(json, exact_time(nanoseconds(count))); }

}  // namespace

TEST_CASE("time points and durations round-trip through JSON and XML") {
  const reading value{time_of<milliseconds>(milliseconds(1'709'208'000'500)), 1500ms, duration<double>(0.25),
                      time_of<seconds>(-1s)};
  REQUIRE(written(json, value) ==
          R"({"at":"2024-02-29T12:00:00.5Z","wait":1500,"half":0.25,"until":"1969-12-31T23:59:59Z"})");
  REQUIRE(*read<reading>(json, written(json, value)) == value);
  REQUIRE(
      written(xml, value) ==
      R"(<reading at="2024-02-29T12:00:00.5Z"><wait>1500</wait><half>0.25</half><until>1969-12-31T23:59:59Z</until></reading>)");
  REQUIRE(*read<reading>(xml, written(xml, value)) == value);
}

TEST_CASE("time points are written with the shortest fraction of a second, also before 1970") {
  REQUIRE(text_of(0) == "\"1970-01-01T00:00:00Z\"");
  REQUIRE(text_of(1) == "\"1970-01-01T00:00:00.000000001Z\"");
  REQUIRE(text_of(-1) == "\"1969-12-31T23:59:59.999999999Z\"");
  REQUIRE(text_of(std::numeric_limits<std::int64_t>::max()) == "\"2262-04-11T23:47:16.854775807Z\"");
  REQUIRE(text_of(std::numeric_limits<std::int64_t>::min()) == "\"1677-09-21T00:12:43.145224192Z\"");
  using far_time = time_of<seconds>;
  REQUIRE(written(json, far_time(-62'167'219'200s)) == "\"0000-01-01T00:00:00Z\"");
  REQUIRE(written(json, far_time(253'402'300'799s)) == "\"9999-12-31T23:59:59Z\"");
  REQUIRE(written(json, far_time(951'782'400s)) == "\"2000-02-29T00:00:00Z\"");
  REQUIRE(written(json, far_time(-2'203'891'201s)) == "\"1900-02-28T23:59:59Z\"");
  REQUIRE(written(json, far_time(-2'203'891'200s)) == "\"1900-03-01T00:00:00Z\"");
}

TEST_CASE("a sample of days from the years 0 to 4160 round-trips") {
  for (std::int64_t day = -800'000; day < 800'000; day += 97) {
    const time_of<seconds> time(seconds(day * 86'400 + 12'345));
    if (day < -719'528 + 1) continue;
    REQUIRE(*read<time_of<seconds>>(json, written(json, time)) == time);
  }
}

TEST_CASE("time points are read with any UTC offset and truncated to the precision of the type") {
  const auto at = [](std::string_view text) {
    return read<time_of<milliseconds>>(json, quote_for_error(text))->time_since_epoch();
  };
  REQUIRE(at("1970-01-01T01:30:00+01:30") == 0ms);
  REQUIRE(at("1969-12-31T19:00:00-05:00") == 0ms);
  REQUIRE(at("1970-01-01T00:00:00.0019999999999Z") == 1ms);
  REQUIRE(at("1969-12-31T23:59:59.9995Z") == -1ms);
}

TEST_CASE("the first and last time points of a type round-trip and values beyond them are rejected") {
  for (const exact_time edge : {exact_time::min(), exact_time::min() + 1ns, exact_time::max() - 1ns, exact_time::max()})
    // Durations, because Catch2 3 cannot print a time point that is finer than the clock of libc++.
    REQUIRE(read<exact_time>(json, written(json, edge))->time_since_epoch() == edge.time_since_epoch());
  for (const std::string_view beyond : {"1677-09-21T00:12:43.145224191Z", "2262-04-11T23:47:16.854775808Z"})
    REQUIRE(decode_error<exact_time>(json, quote_for_error(beyond)) == "a time that its type cannot hold at byte 0");
  using short_time = time_of<duration<std::int8_t>>;
  for (const short_time edge : {short_time::min(), short_time::max()})
    REQUIRE(*read<short_time>(json, written(json, edge)) == edge);
  REQUIRE(decode_error_code<short_time>(json, "\"1969-12-31T23:57:51Z\"") == errc::type_mismatch);
  REQUIRE(decode_error_code<short_time>(json, "\"1970-01-01T00:02:08Z\"") == errc::type_mismatch);
  using day = time_of<duration<std::int32_t, std::ratio<86'400>>>;
  REQUIRE(read<day>(json, "\"1969-12-31T23:59:59.5Z\"")->time_since_epoch().count() == -1);
}

TEST_CASE("malformed RFC 3339 times and times outside the years 0000 to 9999 are rejected") {
  for (const std::string_view bad :
       {"", "2024", "2024-02-30T00:00:00Z", "2023-02-29T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-01T00:00:00Z",
        "2024-01-00T00:00:00Z", "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z",
        "2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+0100",
        "2024-01-01T00:00:00Zx", "2024-01-01T00:00:00+24:00", "24-01-01T00:00:00Z", "2024-1-1T00:00:00Z",
        "+2024-01-01T00:00:00Z"}) {
    INFO(bad);
    REQUIRE(decode_error_code<exact_time>(json, quote_for_error(bad)) == errc::type_mismatch);
  }
  REQUIRE(decode_error<reading>(json, R"({"at":"now"})") == "at: expected a time by RFC 3339, found \"now\" at byte 6");
  REQUIRE(decode_error<exact_time>(json, "\"2263-01-01T00:00:00Z\"") == "a time that its type cannot hold at byte 0");
  const auto late = json.encode(time_of<seconds>(253'402'300'800s));
  REQUIRE(late.error() == errc::invalid_argument);
  REQUIRE(late.error().detail() == "a time outside of the years 0000 to 9999");
  REQUIRE(written(json, std::vector{time_of<hours>(hours::max())}) ==
          "refused: [0]: a time outside of the years 0000 to 9999");
}
