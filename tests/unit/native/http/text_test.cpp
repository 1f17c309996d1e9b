#include "http/text.hpp"

#include "test.hpp"

using twinsocket::detail::iequals;
using twinsocket::detail::next_element;
using twinsocket::detail::trimmed;

TEST_CASE("iequals() ignores the case of ASCII letters only") {
  CHECK(iequals("Content-Type", "content-TYPE"));
  CHECK_FALSE(iequals("a", "ab"));
  CHECK_FALSE(iequals("[", "{"));
  CHECK_FALSE(iequals("\xC3\xA9", "\xC3\x89"));
}

TEST_CASE("next_element() returns the trimmed elements of a list one by one") {
  std::string_view list = " a ,\tb c,,d";
  CHECK(next_element(list, ',') == "a");
  CHECK(next_element(list, ',') == "b c");
  CHECK(next_element(list, ',').empty());
  CHECK(next_element(list, ',') == "d");
  CHECK(list.empty());
  CHECK(trimmed(" \t ").empty());
}
