#include <cmath>
#include <limits>

#include "allocations.hpp"
#include "codec_helpers.hpp"
#include "messages.hpp"
#include "twinsocket/json.hpp"

using namespace messages;
using twinsocket::errc;
using twinsocket::json;

namespace {

struct quoted {
  double wide = 0;
  float narrow = 0;
  std::optional<bool> flag;
  bool operator==(const quoted&) const = default;
};
BOOST_DESCRIBE_STRUCT(quoted, (), (wide, narrow, flag))
TWINSOCKET_NAMES(quoted, "quoted", (wide, as_string), (narrow, as_string), (flag, as_string))

}  // namespace

TEST_CASE("described types round-trip through JSON") {
  check_round_trip(json, person{"Jan", {"a@x", "b@x"}});
  check_round_trip(json, person{std::string("\0\x01\"\\\n\xF0\x9F\x98\x80", 9), {"", "/"}});
  check_round_trip(json, numbers{true, -128, -32768, -2147483648, std::numeric_limits<std::int64_t>::min(), 255, 65535,
                                 4294967295, std::numeric_limits<std::uint64_t>::max(), 0.1F, -1.0 / 3});
  check_round_trip(json, some_house());
  article text;
  text.id = -3;
  text.text = "x";
  check_round_trip(json, text);
  check_round_trip(json, letter{"A", "B", {"1", "2"}, "n", "s"});
  check_round_trip(json, tree{"root", {{"a", {{"b", {}}}}, {"c", {}}}});
  check_round_trip(json, drawing{square{1}, {circle{2}}, {"s", -5, true}});
  check_round_trip(
      json,
      lists{
          {{1}, {}}, {{"k", {"v"}}}, {true, false, true}, {std::byte{9}}, {}, {{"p", {"P", {}}}}, std::vector<int>{}});
  check_round_trip(json, strict{"m", std::numeric_limits<std::int64_t>::max(), false, 0});
  check_round_trip(json, position{{51.5}, {{-1}}, latitude{2.5}});
  check_round_trip(json, any_shape(circle{1}));
  check_round_trip(json, messages::names{{{"a", "b"}}, {{{"c"}}, {{"d", "e"}}}, {{"k", {{"f"}}}}, std::array{1, 2}});
}

TEST_CASE("a list of a few small elements is decoded with one allocation for its elements") {
  const auto counted = [](std::string_view document) {
    const twinsocket::message received(document);
    const std::size_t before = allocations();
    const bool done = json.decode<person>(received).has_value();
    const std::size_t used = allocations() - before;
    REQUIRE(done);
    return used;
  };
  const std::size_t without = counted(R"({"Name":"J","Emails":[]})");
  REQUIRE(counted(R"({"Name":"J","Emails":["a","b","c","d"]})") == without + 1);
}

TEST_CASE("std::unique_ptr members are decoded as the value that they own") {
  const auto value = read<chain>(json, R"({"value":1,"next":{"value":2,"next":null}})");
  REQUIRE(value.has_value());
  REQUIRE(value->next->value == 2);
  REQUIRE(!value->next->next);
  REQUIRE(written(json, *value) == R"({"value":1,"next":{"value":2,"next":null}})");
}

TEST_CASE("JSON members are accepted in any order with white space and absent ones keep their defaults") {
  REQUIRE(*read<person>(json, " {\t\"Emails\" : [ \"a\" ] ,\r\n \"Name\":\"J\"} ") == person{"J", {"a"}});
  REQUIRE(*read<person>(json, "{}") == person{});
  REQUIRE(*read<strict>(json, R"({"must":"m"})") == strict{"m", 0, true, 5});
}

TEST_CASE("null is decoded as an empty list, map or optional and rejected for other types") {
  REQUIRE(*read<person>(json, R"({"Emails":null})") == person{});
  REQUIRE(read<house>(json, R"({"meters":null,"formerly":null,"people":null})")->meters.empty());
  REQUIRE(read<lists>(json, R"({"bytes":null,"flags":null})")->bytes.empty());
  REQUIRE(decode_error<person>(json, R"({"Name":null})") == "Name: expected a string, found null at byte 8");
  REQUIRE(decode_error<house>(json, R"({"at":null})") == "at: expected an object, found null at byte 6");
  REQUIRE(decode_error<house>(json, R"({"size":null})") == "size: expected an array, found null at byte 8");
  REQUIRE(decode_error<lists>(json, R"({"pair":null})") == "pair: expected bytes in base64, found null at byte 8");
}

TEST_CASE("a JSON decode error gives the path, the expected and found values and the byte offset") {
  REQUIRE(decode_error<person>(json, R"({"Name":"Jan","Emails":["a@x",5]})") ==
          "Emails[1]: expected a string, found a number at byte 30");
  REQUIRE(decode_error<house>(json, R"({"people":[{},{"Emails":["a",{}]}]})") ==
          "people[1].Emails[1]: expected a string, found an object at byte 29");
  REQUIRE(
      decode_error<house>(json, R"({"meters":{"gas":1,"a\nb":true}})") ==
      R"(meters["a\x0ab"]: expected an integer from -9223372036854775808 to 9223372036854775807, found a boolean at byte 26)");
  REQUIRE(decode_error<house>(json, R"({"paint":"pink"})") ==
          "paint: expected one of red, green, deep blue, found \"pink\" at byte 9");
  REQUIRE(decode_error<house>(json, R"({"formerly":[]})") == "formerly: expected an object, found an array at byte 12");
  REQUIRE(decode_error<person>(json, "[]") == "expected an object, found an array at byte 0");
  REQUIRE(decode_error<person>(json, " 5") == "expected an object, found a number at byte 1");
  REQUIRE(decode_error<drawing>(json, R"({"outline":{"Circle":{"radius":"x"}}})") ==
          "outline.Circle.radius: expected a number, found a string at byte 31");
  REQUIRE(decode_error_code<person>(json, "[]") == errc::type_mismatch);
}

TEST_CASE("JSON numbers that are malformed or out of range are rejected") {
  const auto refused = [](std::string_view member) {
    return decode_error<numbers>(json, "{" + std::string(member) + "}");
  };
  REQUIRE(refused(R"("i8":128)") == "i8: expected an integer from -128 to 127, found 128 at byte 6");
  REQUIRE(refused(R"("i8":-129)") == "i8: expected an integer from -128 to 127, found -129 at byte 6");
  REQUIRE(refused(R"("u8":256)") == "u8: expected an integer from 0 to 255, found 256 at byte 6");
  REQUIRE(refused(R"("u8":-1)") == "u8: expected an integer from 0 to 255, found -1 at byte 6");
  REQUIRE(
      refused(R"("i64":9223372036854775808)") ==
      "i64: expected an integer from -9223372036854775808 to 9223372036854775807, found 9223372036854775808 at byte 7");
  REQUIRE(refused(R"("u64":18446744073709551616)") ==
          "u64: expected an integer from 0 to 18446744073709551615, found 18446744073709551616 at byte 7");
  REQUIRE(refused(R"("u8":-18446744073709551615)") ==
          "u8: expected an integer from 0 to 255, found -18446744073709551615 at byte 6");
  REQUIRE(refused(R"("i32":1.0)") == "i32: expected an integer from -2147483648 to 2147483647, found 1.0 at byte 7");
  REQUIRE(refused(R"("i32":1e2)") == "i32: expected an integer from -2147483648 to 2147483647, found 1e2 at byte 7");
  REQUIRE(refused(R"("f32":1e39)") == "f32: expected a number in the range of a float, found 1e39 at byte 7");
  REQUIRE(refused(R"("f64":1e400)") == "f64: expected a number in the range of a double, found 1e400 at byte 7");
  REQUIRE(refused(R"("flag":1)") == "flag: expected a boolean, found a number at byte 8");
  REQUIRE(refused(R"("f64":"1")") == "f64: expected a number, found a string at byte 7");
  for (const std::string_view bad : {"01", "+1", ".5", "1.", "1e", "-", "0x1", "NaN", "Infinity", "1_0", "--1"})
    REQUIRE(decode_error_code<numbers>(json, R"({"f64":)" + std::string(bad) + "}") == errc::malformed);
}

TEST_CASE("JSON numbers are decoded to the nearest float or double") {
  const auto f64 = [](std::string_view text) { return *read<double>(json, text); };
  REQUIRE(f64("0.1") == 0.1);
  REQUIRE(f64("123456789012345678901234567890") == 123456789012345678901234567890.0);
  REQUIRE(f64("9007199254740993") == 9007199254740992.0);
  REQUIRE(f64("2.2250738585072011e-308") == 2.2250738585072011e-308);
  REQUIRE(f64("1e-400") == 0);
  REQUIRE(std::signbit(f64("-0")));
  REQUIRE(std::signbit(f64("-0.0")));
  // Rounding to a double first would yield the even neighbour.
  REQUIRE(*read<float>(json, "1.00000017881393432617187499") == 1.00000011920928955078125F);
  REQUIRE(*read<float>(json, "16777217") == 16777216.0F);
  REQUIRE(*read<float>(json, "-5") == -5.0F);
}

TEST_CASE("as_string members are decoded from numbers and bools in strings") {
  REQUIRE(read<strict>(json, R"({"must":"","exact":"-5","flag":"true"})")->exact == -5);
  REQUIRE(decode_error<strict>(json, R"({"exact":5})") ==
          "exact: expected an integer from -9223372036854775808 to 9223372036854775807 in a string, found a number at "
          "byte 9");
  for (const std::string_view bad : {"", " 5", "5 ", "+5", "5.0", "x", "9223372036854775808"})
    REQUIRE(decode_error_code<strict>(json, R"({"exact":")" + std::string(bad) + "\"}") == errc::type_mismatch);
  REQUIRE(decode_error<strict>(json, R"({"flag":"1"})") ==
          "flag: expected a boolean in a string, found \"1\" at byte 8");
}

TEST_CASE("duplicate members and duplicate map keys are rejected") {
  REQUIRE(decode_error<person>(json, R"({"Name":"a","Name":"b"})") == "the member \"Name\" occurs twice at byte 12");
  REQUIRE(decode_error<house>(json, R"({"at":{"name":"","name":""}})") ==
          "at: the member \"name\" occurs twice at byte 17");
  REQUIRE(decode_error<house>(json, R"({"meters":{"a":1,"\u0061":2}})") ==
          "meters: the key \"a\" occurs twice at byte 17");
}

TEST_CASE("unknown members are skipped and disallow_unknown() rejects them") {
  const std::string_view document = R"({"x":[1,{"Name":5},[[]],"]"],"Name":"J","y":{"z":{}},"q":null})";
  REQUIRE(read<person>(json, document)->name == "J");
  REQUIRE(decode_error<person>(json.disallow_unknown(), document) == "the member \"x\" is not known at byte 1");
  REQUIRE(decode_error<house>(json.disallow_unknown(), R"({"at":{"Name":""}})") ==
          "at: the member \"Name\" is not known at byte 7");
}

TEST_CASE("skipped members must be valid JSON but their numbers may be out of range") {
  const auto with = [](std::string_view value) { return R"({"x":[)" + std::string(value) + R"(],"Name":"J"})"; };
  for (const std::string_view good : {"1e400", "-123456789012345678901234567890", "0.0e-0", "\"\\ud83d\\ude00\""})
    REQUIRE(read<person>(json, with(good))->name == "J");
  for (const std::string_view bad :
       {"01", "1.", "-", "1e", "tru", "\"\\ud83d\"", "\"\\x\"", "\"\t\"", "[}", "{]", "1 2"})
    REQUIRE(decode_error_code<person>(json, with(bad)) == errc::malformed);
  REQUIRE(decode_error_code<person>(json, with("\"\xC3\"")) == errc::invalid_utf8);
}

TEST_CASE("missing required members are rejected") {
  REQUIRE(decode_error<strict>(json, R"({"maybe":1})") == "the member \"must\" is missing at byte 10");
}

TEST_CASE("std::array members require the exact number of elements") {
  REQUIRE(decode_error<house>(json, R"({"size":[1,2]})") == "size: expected 3 elements, found 2 at byte 12");
  REQUIRE(decode_error<house>(json, R"({"size":[1,2,3,4]})") == "size: expected 3 elements, found more at byte 15");
  REQUIRE(decode_error<lists>(json, R"({"pair":"AQID"})") == "pair: a wrong number of bytes: 3 at byte 8");
}

TEST_CASE("byte members are decoded from base64 with padding") {
  REQUIRE(read<lists>(json, R"({"bytes":"AP8QBw=="})")->bytes ==
          std::vector{std::byte{0}, std::byte{255}, std::byte{16}, std::byte{7}});
  REQUIRE(read<lists>(json, R"({"bytes":""})")->bytes.empty());
  for (const std::string_view bad : {"A", "AP8QBw=", "AP8QBw", "AP8QB===", "AP-_", "AP8Q\\n", "====", "A=AA"})
    REQUIRE(decode_error_code<lists>(json, R"({"bytes":")" + std::string(bad) + "\"}") == errc::type_mismatch);
}

TEST_CASE("a variant requires exactly one member that names an alternative") {
  REQUIRE(decode_error<any_shape>(json, "{}") == "expected one member, found none at byte 1");
  REQUIRE(decode_error<any_shape>(json, R"({"Triangle":{}})") ==
          "expected a member named one of Circle, Square, found \"Triangle\" at byte 1");
  REQUIRE(decode_error<any_shape>(json, R"({"Circle":{},"Square":{}})") ==
          "expected one member, found also \"Square\" at byte 13");
}

TEST_CASE("an error of a user-defined type is reported with its path") {
  REQUIRE(decode_error<position>(json, R"({"track":["1.0N","2.0"]})") ==
          "track[1]: a latitude ends in N or S at byte 17");
  REQUIRE(decode_error<messages::names>(json, R"({"more":[["a"],[]]})") == "more[1]: expected some parts at byte 16");
  REQUIRE(decode_error<messages::names>(json, R"({"one":["a",5]})") ==
          "one[1]: expected a string, found a number at byte 12");
  REQUIRE(decode_error<position>(json, R"({"at":5})") == "at: expected a string, found a number at byte 6");
}

// Strings are read in blocks. The first special character is at every position of the first three blocks.
TEST_CASE("strings of JSON may have a special character at any position") {
  for (std::size_t before = 0; before < 48; ++before)
    for (const std::size_t after : {std::size_t{0}, std::size_t{40}}) {
      const std::string head(before, 'a'), tail(after, 'b');
      const auto with = [&](std::string_view special) {
        return R"({"Name":")" + head + std::string(special) + tail + "\"}";
      };
      const std::string place = " at byte " + std::to_string(9 + before);
      REQUIRE(read<person>(json, with(""))->name == head + tail);
      REQUIRE(read<person>(json, with("\\n\\\""))->name == head + "\n\"" + tail);
      REQUIRE(read<person>(json, with("\xC3\xA9"))->name == head + "\xC3\xA9" + tail);
      REQUIRE(read<person>(json, with("\xC3\xA9\\t\x7F"))->name == head + "\xC3\xA9\t\x7F" + tail);
      REQUIRE(decode_error<person>(json, with("\x1F")) == "Name: U+001F in a string must be escaped" + place);
      REQUIRE(decode_error<person>(json, with("\x80")) == "Name: a byte that is not UTF-8" + place);
      REQUIRE(decode_error<person>(json, with("\\x")).find(place) != std::string::npos);
    }
}

TEST_CASE("malformed JSON is rejected with the byte offset") {
  const auto refused = [](std::string_view document) { return decode_error<person>(json, document); };
  REQUIRE(refused("") == "expected a value, found the end of the document at byte 0");
  REQUIRE(refused(" nul") == "expected a value, found \"nul\" at byte 1");
  REQUIRE(refused("\x1B") == "expected a value, found U+001B at byte 0");
  REQUIRE(refused("\xC3\xA9") == "expected a value, found \"\xC3\xA9\" at byte 0");
  REQUIRE(refused("\xFF") == "expected a value, found \"\\xff\" at byte 0");
  REQUIRE(refused("{} {}") == "expected the end of the document, found \"{\" at byte 3");
  REQUIRE(refused(R"({"Name":"a",})") == "expected the name of a member, found \"}\" at byte 12");
  REQUIRE(refused(R"({"Name":"a" 5})") == "expected \",\" or \"}\", found a number at byte 12");
  REQUIRE(refused(R"({"Name" "a"})") == "Name: expected \":\", found a string at byte 8");
  REQUIRE(refused(R"({"Emails":["a" "b"]})") == "Emails: expected \",\" or \"]\", found a string at byte 15");
  REQUIRE(refused(R"({"Emails":["a",]})") == "Emails: expected a value, found \"]\" at byte 15");
  REQUIRE(refused(R"({"Name":"a)") == "Name: an unterminated string at byte 8");
  REQUIRE(refused(R"({"Name":"a\)") == "Name: an unterminated string at byte 8");
  REQUIRE(refused("{\"Name\":\"a\nb\"}") == "Name: U+000A in a string must be escaped at byte 10");
  REQUIRE(refused(R"({"Name":"ab\x"})") == R"(Name: the escape "\x" stands for no character at byte 11)");
  REQUIRE(refused(R"({"Name":"\ud83d\u0041"})") == R"(Name: the escape "\ud83d" stands for no character at byte 9)");
  REQUIRE(refused("{\"Name\":\"ab\xFF\"}") == "Name: a byte that is not UTF-8 at byte 11");
  REQUIRE(refused(R"({"x":01})") == "a number with a leading zero at byte 5");
  REQUIRE(refused(R"({"x":1.e5})") == "expected a digit, found \"e\" at byte 7");
  REQUIRE(decode_error<house>(json, R"({"at":{"name":)") ==
          "at.name: expected a value, found the end of the document at byte 14");
  for (const std::string_view bad :
       {"{", "}", "nul", "{'Name':1}", "{Name:1}", "{\"Name\":}", "{\"Name\" 1}", "tru", "{}x", "{}\n,", "// c\n{}",
        "{\"Name\":\"a\nb\"}", "{\"Name\":\"\\x\"}", "{\"Name\":\"\\u12\"}", "{\"Name\":\"\\ud800\"}",
        "{\"Name\":\"\\udc00\"}", "{\"Name\":\"\\ud800\\u0041\"}", "\xEF\xBB\xBF{}"})
    REQUIRE(decode_error_code<person>(json, bad) == errc::malformed);
  for (const std::string_view bad :
       {"{\"Name\":\"\xFF\"}", "{\"Name\":\"\xC0\x80\"}", "{\"Name\":\"\xED\xA0\x80\"}", "{\"\x80\":1}"})
    REQUIRE(decode_error_code<person>(json, bad) == errc::invalid_utf8);
}

TEST_CASE("an escaped U+0000 is decoded and a raw NUL byte is rejected at every position") {
  REQUIRE(read<person>(json, R"({"Name":"a\u0000b"})")->name == std::string("a\0b", 3));
  const std::string document = R"({"Name":"ab","Emails":["c"]})";
  for (std::size_t at = 0; at <= document.size(); ++at) {
    std::string with_nul = document;
    with_nul.insert(at, 1, '\0');
    REQUIRE(decode_error_code<person>(json, with_nul) == errc::malformed);
  }
  REQUIRE(decode_error<person>(json, std::string_view("{}\0\0", 4)) ==
          "expected the end of the document, found U+0000 at byte 2");
}

TEST_CASE("truncated JSON documents are rejected") {
  const std::string document = written(json, some_house());
  REQUIRE(read<house>(json, document).has_value());
  for (std::size_t size = 0; size < document.size(); ++size) {
    const auto cut = read<house>(json, std::string_view(document).substr(0, size));
    REQUIRE(cut.has_error());
    REQUIRE((cut.error() == errc::malformed || cut.error() == errc::invalid_utf8));
  }
}

TEST_CASE("the JSON codec rejects binary messages") {
  const std::string_view document = "{}";
  const auto value = json.decode<person>(twinsocket::message(
      twinsocket::message_kind::binary, std::as_bytes(std::span(document.data(), document.size()))));
  REQUIRE(value.error() == errc::wrong_kind);
  REQUIRE(value.error().detail() == "expected a text message, found a binary one");
}

TEST_CASE("JSON error messages are short and escaped for any document") {
  const std::string huge(100'000, 'x');
  REQUIRE(decode_error<house>(json, "{\"paint\":\"" + huge + "\"}").size() < 150);
  REQUIRE(decode_error<house>(json, "{\"paint\":\"" + huge).size() < 150);
  REQUIRE(decode_error<numbers>(json, "{\"i8\":1" + std::string(100'000, '0') + "}").size() < 150);
  REQUIRE(decode_error<numbers>(json, "{\"f64\":1" + std::string(100'000, '0') + "}").size() < 150);
  REQUIRE(decode_error<numbers>(json, huge).size() < 150);
  REQUIRE(decode_error<house>(json, "{\"meters\":{\"" + huge + "\":\"\"}}").size() < 250);
  REQUIRE(decode_error<house>(json, R"({"paint":"\u001b[31m\u0007"})") ==
          R"(paint: expected one of red, green, deep blue, found "\x1b[31m\x07" at byte 9)");
}

TEST_CASE("as_string members of every type round-trip and are rejected without quotation marks") {
  for (const quoted& each : {quoted{1.5, -2.5F, true}, quoted{-0.0, 3.4028235e38F, false}, quoted{5e-324, 0, {}}})
    check_round_trip(json, each);
  CHECK(written(json, quoted{0.5, 2, true}) == R"({"wide":"0.5","narrow":"2","flag":"true"})");
  CHECK(decode_error<quoted>(json, R"({"wide":0.5})") ==
        "wide: expected a number in a string, found a number at byte 8");
  CHECK(decode_error<quoted>(json, R"({"narrow":5})") ==
        "narrow: expected a number in a string, found a number at byte 10");
  CHECK(decode_error<quoted>(json, R"({"narrow":"1e39"})") ==
        "narrow: expected a number in a string, found \"1e39\" at byte 10");
  CHECK(decode_error<quoted>(json, R"({"wide":"NaN"})") ==
        "wide: expected a number in a string, found \"NaN\" at byte 8");
  CHECK(decode_error<quoted>(json, R"({"flag":true})") ==
        "flag: expected a boolean in a string, found a boolean at byte 8");
  CHECK(read<quoted>(json, R"({"flag":null})")->flag == std::nullopt);
}

TEST_CASE("one value too many for a std::array is rejected whatever its type") {
  for (const std::string_view extra : {"1", "1.5", "1e400", "\"x\"", "true", "false", "null", "{}", "[]"}) {
    CAPTURE(extra);
    CHECK(decode_error<house>(json, R"({"size":[1,2,3,)" + std::string(extra) + "]}") ==
          "size: expected 3 elements, found more at byte 15");
  }
}

TEST_CASE("a JSON value of the wrong type is named in the error") {
  const auto error_of = [](std::string_view value) {
    return decode_error<std::vector<bool>>(json, "[true," + std::string(value) + "]");
  };
  CHECK(error_of("5") == "[1]: expected a boolean, found a number at byte 6");
  CHECK(error_of("5.5") == "[1]: expected a boolean, found a number at byte 6");
  CHECK(error_of("1e400") == "[1]: expected a boolean, found a number at byte 6");
  CHECK(error_of("\"true\"") == "[1]: expected a boolean, found a string at byte 6");
  CHECK(error_of("null") == "[1]: expected a boolean, found null at byte 6");
  CHECK(error_of("[]") == "[1]: expected a boolean, found an array at byte 6");
  CHECK(error_of("{}") == "[1]: expected a boolean, found an object at byte 6");
  CHECK(decode_error<int>(json, "false") ==
        "expected an integer from -2147483648 to 2147483647, found a boolean at byte 0");
  CHECK(decode_error<std::map<std::string, std::vector<int>>>(json, R"({"a":5})") ==
        "[\"a\"]: expected an array, found a number at byte 5");
}

TEST_CASE("values of every type are skipped in an unknown member") {
  for (const std::string_view value : {"true", "false", "null", "1", "1.5", "\"x\"", "{}", "[]"}) {
    CAPTURE(value);
    CHECK(read<person>(json, R"({"x":)" + std::string(value) + R"(,"Name":"J"})")->name == "J");
  }
}
