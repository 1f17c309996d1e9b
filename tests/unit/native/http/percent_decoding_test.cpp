#include "http/percent_decoding.hpp"

#include "test.hpp"

using twinsocket::detail::form_decode;
using twinsocket::detail::percent_decode_strict;

TEST_CASE("percent_decode_strict() decodes bytes in either hexadecimal case") {
  CHECK(percent_decode_strict("") == "");
  CHECK(percent_decode_strict("a+b") == "a+b");
  CHECK(percent_decode_strict("%41%C3%a9%25%00") == std::string("A\xC3\xA9%\0", 5));
}

TEST_CASE("percent_decode_strict() rejects incomplete percent-encoding") {
  for (const char* text : {"%", "a%", "%4", "%4g", "%g4", "%%41", "%41%"}) CHECK_FALSE(percent_decode_strict(text));
}

TEST_CASE("form_decode() decodes plus as a space and keeps invalid percent-encoding") {
  CHECK(form_decode("a+b%2Bc%20d") == "a b+c d");
  CHECK(form_decode("100%&%zz%4") == "100%&%zz%4");
}
