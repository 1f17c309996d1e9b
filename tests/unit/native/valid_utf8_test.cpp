#include "sensors/valid_utf8.hpp"

#include "test.hpp"

using twinsocket::app::to_valid_utf8;

TEST_CASE("to_valid_utf8() replaces each invalid byte with U+FFFD") {
  REQUIRE(to_valid_utf8("plain \u00b0 \u20ac \U0001f600") == "plain \u00b0 \u20ac \U0001f600");
  REQUIRE(to_valid_utf8("45\xb0"
                        "C") == "45\ufffdC");
  REQUIRE(to_valid_utf8("\xc0\x80") == "\ufffd\ufffd");
  REQUIRE(to_valid_utf8("\xed\xa0\x80") == "\ufffd\ufffd\ufffd");
  REQUIRE(to_valid_utf8("\xf4\x90\x80\x80") == "\ufffd\ufffd\ufffd\ufffd");
  REQUIRE(to_valid_utf8("cut \xe2\x82") == "cut \ufffd\ufffd");
  REQUIRE(to_valid_utf8("").empty());
}
