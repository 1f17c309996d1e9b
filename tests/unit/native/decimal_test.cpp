#include "sensors/decimal.hpp"

#include "test.hpp"

using twinsocket::app::exponents;
using twinsocket::app::read_decimal;

TEST_CASE("read_decimal() reads a number at the beginning of a text and returns the rest") {
  struct one {
    const char* text;
    double value;
    const char* rest;
  };
  for (const auto& [text, value, rest] : {one{"45.5 C", 45.5, " C"},
                                          {"-0.25", -0.25, ""},
                                          {"7", 7, ""},
                                          {".5x", 0.5, "x"},
                                          {"3.", 3, ""},
                                          {"1.2.3", 1.2, ".3"},
                                          {"0x10", 0, "x10"},
                                          {"1e+2V", 100, "V"},
                                          {"2E-1", 0.2, ""},
                                          {"1e", 1, "e"},
                                          {"1e+", 1, "e+"},
                                          {"1e-999", 0, ""}}) {
    INFO(text);
    const auto found = read_decimal(text, exponents::read);
    REQUIRE(found);
    CHECK(found->value == value);
    CHECK(found->rest == rest);
  }
  CHECK(read_decimal("1e3", exponents::ignored)->rest == "e3");
}

TEST_CASE("read_decimal() reads neither words, signs alone nor too large numbers") {
  for (const char* text : {"", "-", ".", "-.", "nan", "inf", "-inf", "+1", " 1", "e3", "1e999"}) {
    INFO(text);
    CHECK_FALSE(read_decimal(text, exponents::read));
  }
}
