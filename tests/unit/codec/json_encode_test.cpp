#include <cmath>
#include <limits>

#include "codec_helpers.hpp"
#include "messages.hpp"
#include "twinsocket/json.hpp"

using namespace messages;
using twinsocket::errc;
using twinsocket::json;

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
