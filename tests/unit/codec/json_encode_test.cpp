#include <cmath>
#include <limits>

#include "codec_helpers.hpp"
#include "messages.hpp"
#include "misnamed.hpp"
#include "twinsocket/json.hpp"

using namespace messages;
using twinsocket::errc;
using twinsocket::json;

namespace {

struct sparse {
  float narrow = 0;
  double wide = 0;
  int whole = 0;
  bool flag = false;
  std::string text;
  std::vector<std::byte> bytes;
  color paint = color::red;
  std::optional<int> maybe;
  std::vector<int> list;
  std::map<std::string, int> map;
  dotted parts;
  person owner;
  any_shape outline;
  bool operator==(const sparse&) const = default;
};
BOOST_DESCRIBE_STRUCT(sparse, (),
                      (narrow, wide, whole, flag, text, bytes, paint, maybe, list, map, parts, owner, outline))
TWINSOCKET_NAMES(sparse, "sparse", (narrow, omit_empty), (wide, omit_empty), (whole, omit_empty), (flag, omit_empty),
                 (text, omit_empty), (bytes, omit_empty), (paint, omit_empty), (maybe, omit_empty), (list, omit_empty),
                 (map, omit_empty), (parts, omit_empty), (owner, omit_empty), (outline, omit_empty))

enum class toggle : bool { off, on };
BOOST_DESCRIBE_ENUM(toggle, off, on)
enum class confirmed : bool { yes = true };
BOOST_DESCRIBE_ENUM(confirmed, yes)
enum class wide_number : std::uint64_t { zero, most = 9'223'372'036'854'775'807 };
BOOST_DESCRIBE_ENUM(wide_number, zero, most)
enum class small_number : std::int16_t { zero, least = -32768 };
BOOST_DESCRIBE_ENUM(small_number, zero, least)
enum class narrow_number : std::uint16_t { a, b = 65535 };
BOOST_DESCRIBE_ENUM(narrow_number, a, b)
enum class plain_number : std::uint32_t { a, b = 4294967295 };
BOOST_DESCRIBE_ENUM(plain_number, a, b)

struct toggles {
  toggle flag = toggle::off;
  wide_number wide = wide_number::zero;
  small_number small = small_number::zero;
  narrow_number narrow = narrow_number::a;
  plain_number plain = plain_number::a;
  bool operator==(const toggles&) const = default;
};
BOOST_DESCRIBE_STRUCT(toggles, (), (flag, wide, small, narrow, plain))

}  // namespace

TEST_CASE("structs are encoded as JSON with the described names in the described order without white space") {
  REQUIRE(written(json, person{"Jan", {"a@x", "b@x"}}) == R"({"Name":"Jan","Emails":["a@x","b@x"]})");
  REQUIRE(written(json, person{}) == R"({"Name":"","Emails":[]})");
  const auto made = json.encode(person{});
  REQUIRE(made->is_text());
}

TEST_CASE("integers of all widths are encoded exactly") {
  REQUIRE(written(json, numbers{true, -128, -32768, -2147483648, std::numeric_limits<std::int64_t>::min(), 255, 65535,
                                4294967295, std::numeric_limits<std::uint64_t>::max(), 0, 0}) ==
          R"({"flag":true,"i8":-128,"i16":-32768,"i32":-2147483648,"i64":-9223372036854775808,)"
          R"("u8":255,"u16":65535,"u32":4294967295,"u64":18446744073709551615,"f32":0,"f64":0})");
}

TEST_CASE("JSON numbers have the shortest round-trip form in JavaScript's notation") {
  const auto of = [](double value) { return written(json, std::vector<double>{value}); };
  REQUIRE(of(0.1) == "[0.1]");
  REQUIRE(of(100) == "[100]");
  REQUIRE(of(-0.0) == "[-0]");
  REQUIRE(of(1e20) == "[100000000000000000000]");
  REQUIRE(of(1e21) == "[1e+21]");
  REQUIRE(of(123456789012345680000.0) == "[123456789012345680000]");
  REQUIRE(of(1e-6) == "[0.000001]");
  REQUIRE(of(1e-7) == "[1e-7]");
  REQUIRE(of(5e-324) == "[5e-324]");
  REQUIRE(of(1.7976931348623157e308) == "[1.7976931348623157e+308]");
  REQUIRE(of(1.0 / 3) == "[0.3333333333333333]");
  REQUIRE(written(json, std::vector<float>{0.1F, 1.0F / 3, 16777216.0F, 3.4028235e38F}) ==
          "[0.1,0.33333334,16777216,3.4028235e+38]");
}

TEST_CASE("encoding NaN or infinity to JSON fails") {
  for (const double value : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    const auto made = json.encode(std::vector<double>{1, value});
    REQUIRE(made.error() == errc::invalid_argument);
    REQUIRE(made.error().detail() == "[1]: JSON has no number for NaN and infinity");
  }
}

TEST_CASE("strings are escaped as by JSON.stringify") {
  const std::string text("\"\\/\b\f\n\r\t\x01\x1f\x7f\0<>&\xE2\x80\xA8", 18);
  REQUIRE(written(json, std::vector<std::string>{text}) == R"(["\"\\/\b\f\n\r\t\u0001\u001f)"
                                                           "\x7f"
                                                           R"(\u0000<>&)"
                                                           "\xE2\x80\xA8"
                                                           R"("])");
  REQUIRE(written(json, std::vector<std::string>{"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80"}) ==
          "[\"\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80\"]");
}

TEST_CASE("encoding invalid UTF-8 to JSON fails") {
  for (const std::string bad : {"\xFF", "\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82", "a\x80"}) {
    const auto made = json.encode(person{"x", {"y", bad}});
    REQUIRE(made.error() == errc::invalid_utf8);
    REQUIRE(made.error().detail().substr(0, 12) == "Emails[1]: \"");
  }
  REQUIRE(written(json, person{"\xFF", {}}) == R"(refused: Name: "\xff" is not UTF-8)");
  REQUIRE(written(json, std::map<std::string, int>{{"\xFF", 1}}) == R"(refused: "\xff" is not UTF-8)");
}

TEST_CASE("enums are encoded by name") {
  REQUIRE(written(json, std::vector<color>{color::red, color::blue}) == R"(["red","deep blue"])");
  REQUIRE(written(json, std::vector<color>{color::red, static_cast<color>(3)}) ==
          "refused: [1]: expected one of red, green, deep blue, found 3");
}

TEST_CASE("structs, lists, arrays, maps and optionals nest") {
  house value;
  value.paint = color::green;
  value.at = {"Main", 5};
  value.people = {{"Jan", {}}};
  value.size = {1, 2.5, 3};
  value.meters = {{"water", 7}, {"gas", -1}};
  REQUIRE(written(json, value) ==
          R"({"paint":"green","at":{"name":"Main","number":5},"formerly":null,"people":[{"Name":"Jan","Emails":[]}],)"
          R"("size":[1,2.5,3],"meters":{"gas":-1,"water":7}})");
  value.formerly = street{"Old", {}};
  REQUIRE(written(json, value).find(R"("formerly":{"name":"Old","number":null})") != std::string::npos);
}

TEST_CASE("base members come first and omit_empty leaves out empty members") {
  article value;
  value.id = 3;
  value.text = "x";
  REQUIRE(written(json, value) == R"({"Id":3,"Text":"x"})");
  value.lang = "nl";
  REQUIRE(written(json, value) == R"({"Id":3,"Lang":"nl","Text":"x"})");
  REQUIRE(written(json, letter{"A", "B", {}, "", {}}) == R"({"First":"A","Last":"B","Lines":[]})");
  REQUIRE(written(json, letter{"A", "B", {}, "n", "s"}) ==
          R"({"First":"A","Last":"B","Lines":[],"Note":"n","Signature":"s"})");
}

TEST_CASE("a variant is encoded as an object with one member named after the alternative") {
  drawing value{circle{1}, {square{2}, circle{3}}, {"a", 5, true}};
  REQUIRE(written(json, value) ==
          R"({"outline":{"Circle":{"radius":1}},"inside":[{"Square":{"side":2}},{"Circle":{"radius":3}}],)"
          R"("labels":[{"string":"a"},{"int32":5},{"bool":true}]})");
  REQUIRE(written(json, any_shape(square{1})) == R"({"Square":{"side":1}})");
}

TEST_CASE("nested lists, bool lists, bytes and hash maps are encoded to JSON") {
  lists value;
  value.rows = {{1, 2}, {}, {3}};
  value.groups = {{"b", {"x"}}, {"a", {}}};
  value.flags = {true, false};
  value.bytes = {std::byte{0}, std::byte{255}, std::byte{16}, std::byte{7}};
  value.pair = {std::byte{1}, std::byte{2}};
  value.people = {{"z", {"Z", {}}}, {"k", {"K", {}}}, {"a", {"A", {}}}};
  REQUIRE(
      written(json, value) ==
      R"({"rows":[[1,2],[],[3]],"groups":{"a":[],"b":["x"]},"flags":[true,false],"bytes":"AP8QBw==","pair":"AQI=",)"
      R"("people":{"a":{"Name":"A","Emails":[]},"k":{"Name":"K","Emails":[]},"z":{"Name":"Z","Emails":[]}},"maybe":null})");
}

TEST_CASE("as_string members are encoded as JSON strings") {
  REQUIRE(written(json, strict{"m", 9007199254740993, false, 1}) ==
          R"({"must":"m","exact":"9007199254740993","flag":"false","maybe":1})");
}

TEST_CASE("a user-defined type is encoded to JSON as the value that it converts to") {
  REQUIRE(written(json, position{{51.5}, {{-33.8}, {0}}, {}}) ==
          R"({"at":"51.5N","track":["33.8S","0.0N"],"goal":null})");
}

TEST_CASE("a single value is a JSON document") {
  REQUIRE(written(json, 5) == "5");
  REQUIRE(written(json, true) == "true");
  REQUIRE(written(json, std::string("a")) == "\"a\"");
  REQUIRE(written(json, std::optional<int>()) == "null");
  REQUIRE(written(json, color::green) == "\"green\"");
}

TEST_CASE("an encoding error in a map or a variant gives the path") {
  const std::map<std::string, double> by_name{{"first", 1}, {"second", std::nan("")}};
  CHECK(written(json, by_name) == "refused: [\"second\"]: JSON has no number for NaN and infinity");
  CHECK(written(json, std::vector<any_shape>{square{1}, circle{std::nan("")}}) ==
        "refused: [1].Circle.radius: JSON has no number for NaN and infinity");
}

TEST_CASE("omit_empty leaves out the empty value of every type except a struct") {
  sparse value;
  CHECK(written(json, value) == R"({"owner":{"Name":"","Emails":[]},"outline":{"Circle":{"radius":0}}})");
  value.narrow = 0.5F;
  value.wide = -1;
  value.whole = 3;
  value.flag = true;
  value.text = "t";
  value.bytes = {std::byte{1}};
  value.paint = color::green;
  value.maybe = 0;
  value.list = {0};
  value.map = {{"", 0}};
  value.parts = {{"p"}};
  CHECK(written(json, value) ==
        R"({"narrow":0.5,"wide":-1,"whole":3,"flag":true,"text":"t","bytes":"AQ==","paint":"green","maybe":0,)"
        R"("list":[0],"map":{"":0},"parts":["p"],"owner":{"Name":"","Emails":[]},"outline":{"Circle":{"radius":0}}})");
  check_round_trip(json, value);
}

TEST_CASE("enums are encoded by name whatever their underlying type") {
  check_round_trip(json, toggles{});
  const toggles value{toggle::on, wide_number::most, small_number::least, narrow_number::b, plain_number::b};
  check_round_trip(json, value);
  CHECK(written(json, value) == R"({"flag":"on","wide":"most","small":"least","narrow":"b","plain":"b"})");
  CHECK(written(json, std::vector{toggle::on, toggle::off, static_cast<toggle>(true)}) == R"(["on","off","on"])");
  CHECK(written(json, static_cast<confirmed>(false)) == "refused: expected one of yes, found 0");
  CHECK(written(json, static_cast<wide_number>(5)) == "refused: expected one of zero, most, found 5");
  CHECK(written(json, static_cast<small_number>(-5)) == "refused: expected one of zero, least, found -5");
}

TEST_CASE("encoding described names that are not UTF-8 to JSON fails") {
  CHECK(written(json, misnamed{}) == R"(refused: "a\xff" is not UTF-8)");
  CHECK(written(json, std::vector{mistake::wrong}) == R"(refused: [0]: "b\xff" is not UTF-8)");
  CHECK(written(json, std::variant<bool, misnamed_alternative>(misnamed_alternative())) ==
        R"(refused: "c\xff" is not UTF-8)");
}

TEST_CASE("nested values that are too deep are rejected at a list, a map, a variant and a struct") {
  CHECK(written(json.max_depth(1), std::vector<std::vector<int>>{{}}) == "refused: [0]: nested deeper than 1 levels");
  CHECK(written(json.max_depth(1), std::vector<std::map<std::string, int>>{{}}) ==
        "refused: [0]: nested deeper than 1 levels");
  CHECK(written(json.max_depth(1), std::vector<any_shape>{circle{}}) == "refused: [0]: nested deeper than 1 levels");
  CHECK(written(json.max_depth(1), std::vector<person>{{}}) == "refused: [0]: nested deeper than 1 levels");
}

TEST_CASE("the first error in an unordered map is that of the smallest key") {
  CHECK(written(json, std::unordered_map<std::string, std::string>{{"c", "\xFF"}, {"b", "\xFF"}, {"a", ""}}) ==
        R"(refused: ["b"]: "\xff" is not UTF-8)");
}
