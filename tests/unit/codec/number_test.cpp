#include "codec/number.hpp"

#include <clocale>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <random>
#include <string>

#include "test.hpp"
#include "codec/shortest.hpp"

using namespace twinsocket::detail;

namespace {

template <class Float>
std::string json_text(Float value) {
  char room[number_room];
  return std::string(write_json_number(room, value));
}
template <class Float>
std::string xml_text(Float value) {
  char room[number_room];
  return std::string(write_xml_number(room, value));
}

std::string digits_of(const decimal& number) {
  return std::string(number.digits.data(), static_cast<std::size_t>(number.size)) + "e" + std::to_string(number.point);
}

template <class Float, class Bits>
void check(Bits bits) {
  Float value = 0;
  std::memcpy(&value, &bits, sizeof value);
  if (!std::isfinite(value)) return;
  Float again = 0;
  REQUIRE(read_number(json_text(value), false, again));
  REQUIRE(std::memcmp(&again, &value, sizeof value) == 0);
  REQUIRE(read_number(xml_text(value), false, again));
  REQUIRE(std::memcmp(&again, &value, sizeof value) == 0);
  REQUIRE(digits_of(shortest(value)) == digits_of(shortest_exactly(value)));
}

}  // namespace

TEST_CASE("random floating-point numbers round-trip and shortest_exactly() agrees with std::to_chars") {
  std::mt19937_64 random(7);
  for (int i = 0; i < 20'000; ++i) {
    check<double>(static_cast<std::uint64_t>(random()));
    check<float>(static_cast<std::uint32_t>(random()));
  }
}

TEST_CASE("powers of two and their neighbours round-trip") {
  for (std::uint64_t exponent = 0; exponent < 2047; ++exponent)
    for (const std::uint64_t off : {std::uint64_t{0}, std::uint64_t{1}, ~std::uint64_t{0}})
      check<double>((exponent << 52) + off);
  for (std::uint32_t exponent = 0; exponent < 255; ++exponent)
    for (const std::uint32_t off : {std::uint32_t{0}, std::uint32_t{1}, ~std::uint32_t{0}})
      check<float>((exponent << 23) + off);
}

TEST_CASE("shortest() returns the fewest digits that round-trip") {
  REQUIRE(digits_of(shortest(9007199254740993.0)) == "9007199254740992e16");
  REQUIRE(digits_of(shortest(5e-324)) == "5e-323");
  REQUIRE(digits_of(shortest(1e23)) == "1e24");
  REQUIRE(digits_of(shortest(2.2250738585072014e-308)) == "22250738585072014e-307");
  REQUIRE(digits_of(shortest(1.1754944e-38F)) == "11754944e-37");
  REQUIRE(digits_of(shortest(0.0)) == "0e1");
}

TEST_CASE("numbers have a decimal point in every locale") {
  const std::string before = std::setlocale(LC_NUMERIC, nullptr);
  for (const char* const locale : {"de_DE.UTF-8", "nl_NL.UTF-8", "fr_FR.UTF-8", "C"}) {
    if (!std::setlocale(LC_NUMERIC, locale)) continue;
    double value = 0;
    REQUIRE(read_number("1.5", false, value));
    REQUIRE(value == 1.5);
    REQUIRE(read_number("1.5e-330", false, value));
    REQUIRE(value == 0);
    REQUIRE_FALSE(read_number("1,5", false, value));
    REQUIRE(json_text(1.5) == "1.5");
  }
  std::setlocale(LC_NUMERIC, before.c_str());
}

TEST_CASE("read_number() rounds like strtod() and strtof()") {
  std::mt19937_64 random(9);
  for (int i = 0; i < 50'000; ++i) {
    // Around 2^53 and 10^22, and 2^24 and 10^10: beyond these not every number is exact.
    const std::uint64_t digits = random() >> (random() % 2 ? 14 + random() % 12 : 44 + random() % 12);
    const int exponent = static_cast<int>(random() % 50) - 25;
    const std::string sign = random() % 2 ? "-" : "";
    const std::string text =
        sign + std::to_string(digits) + "." + std::to_string(random() % 100) + "e" + std::to_string(exponent);
    INFO(text);
    double wide = 0;
    float narrow = 0;
    REQUIRE(read_number(text, false, wide));
    REQUIRE(wide == std::strtod(text.c_str(), nullptr));
    const float expected = std::strtof(text.c_str(), nullptr);
    REQUIRE(read_number(text, false, narrow) == std::isfinite(expected));
    if (std::isfinite(expected)) REQUIRE(narrow == expected);
  }
}

TEST_CASE("read_number() accepts any number of digits") {
  double value = 0;
  REQUIRE(read_number("0." + std::string(300'000, '0') + "1e300001", false, value));
  REQUIRE(value == 1);
  REQUIRE(read_number("1" + std::string(1'000, '0') + "e-1000", false, value));
  REQUIRE(value == 1);
  REQUIRE(read_number("1e-99999999999999999999", false, value));
  REQUIRE(value == 0);
  REQUIRE_FALSE(read_number("1e99999999999999999999", false, value));
  REQUIRE(read_number(".5", false, value));
  REQUIRE(value == 0.5);
  for (const std::string_view bad : {"", ".", "+", "-.", "1e", "1e+", "1.5.", "e5", "1 "})
    REQUIRE_FALSE(read_number(bad, false, value));
}

TEST_CASE("read_number() rejects overflow and rounds underflow to zero") {
  double wide = 0;
  float narrow = 0;
  REQUIRE_FALSE(read_number("1e309", false, wide));
  REQUIRE_FALSE(read_number("-1e309", false, wide));
  REQUIRE_FALSE(read_number("3.5e38", false, narrow));
  REQUIRE(read_number("3.4028235e38", false, narrow));
  REQUIRE(read_number("1e-50", false, narrow));
  REQUIRE(narrow == 0);
  REQUIRE(read_number("-1e-400", false, wide));
  REQUIRE(std::signbit(wide));
  REQUIRE(read_number("4e-324", false, wide));
  REQUIRE(wide == 5e-324);
}
