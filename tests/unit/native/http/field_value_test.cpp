#include "http/field_value.hpp"

#include "test.hpp"

using namespace std::string_view_literals;
using twinsocket::detail::is_field_value;

TEST_CASE("is_field_value() accepts spaces, tabs and non-ASCII bytes") {
  for (const auto text : {""sv, "a b"sv, "a\tb"sv, "gr\xC3\xBC\xC3\x9F"sv, "\xff"sv, "~"sv})
    CHECK(is_field_value(text));
}

TEST_CASE("is_field_value() rejects control characters") {
  for (const auto text : {"a\r\nb"sv, "\n"sv, "\r"sv, "a\0"sv, "\x1f"sv, "\x7f"sv}) CHECK_FALSE(is_field_value(text));
}
