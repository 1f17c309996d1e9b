#include "http/date.hpp"

#include "test.hpp"

using twinsocket::detail::http_date;
using twinsocket::detail::parse_http_date;

TEST_CASE("http_date() writes the IMF-fixdate of RFC 9110 and parse_http_date() reads it") {
  struct row {
    std::time_t time;
    const char* text;
  };
  const auto r =
      GENERATE(row{784111777, "Sun, 06 Nov 1994 08:49:37 GMT"}, row{0, "Thu, 01 Jan 1970 00:00:00 GMT"},
               row{951782400, "Tue, 29 Feb 2000 00:00:00 GMT"}, row{4102444799, "Thu, 31 Dec 2099 23:59:59 GMT"});
  CHECK(http_date(r.time) == r.text);
  CHECK(parse_http_date(r.text) == r.time);
}

TEST_CASE("parse_http_date() accepts the two obsolete formats") {
  for (const char* text : {"Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"})
    CHECK(parse_http_date(text) == 784111777);
  CHECK(parse_http_date("Sun Nov 16 08:49:37 1994") == 784111777 + 10 * 86'400);
  CHECK(parse_http_date("Tuesday, 29-Feb-00 00:00:00 GMT") == 951782400);
}

TEST_CASE("parse_http_date() rejects malformed and invalid dates") {
  const auto text =
      GENERATE("", "0", "Sunday, 06-Nov-1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37", "Sun Nov  6 08:49:37 94  ",
               "Sun Nov 31 08:49:37 1994", "Sunday, 06-Foo-94 08:49:37 GMT", "Sun Nov  6 08.49.37 1994",
               "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
               "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 -8:49:37 GMT",
               "Sun, 6  Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ");
  CAPTURE(text);
  CHECK_FALSE(parse_http_date(text));
}

TEST_CASE("to_sys_seconds() rejects dates and times that do not exist") {
  using twinsocket::detail::to_sys_seconds;
  CHECK(to_sys_seconds({.year = 2000, .month = 2, .day = 29})->time_since_epoch().count() == 951782400);
  CHECK(to_sys_seconds({.year = 1998, .month = 12, .day = 31, .hour = 23, .minute = 59, .second = 60})
            ->time_since_epoch()
            .count() == 915148800);
  CHECK_FALSE(to_sys_seconds({.year = 2001, .month = 2, .day = 29}));
  CHECK_FALSE(to_sys_seconds({.year = 2000, .month = 13, .day = 1}));
  CHECK_FALSE(to_sys_seconds({.year = 2000, .month = 1, .day = 1, .hour = 24}));
  CHECK_FALSE(to_sys_seconds({.year = 2000, .month = 1, .day = 1, .minute = -1}));
}
