#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "codec_testing.hpp"
#include "twinsocket/json.hpp"

using twinsocket::errc;
using twinsocket::json;
using document = nlohmann::json;

TEST_CASE("an nlohmann::json goes both ways") {
  const std::string text = R"({"a":[1,-2,2.5,"x\n",true,false,null],"b":{"c":{},"d":[]},"e":18446744073709551615})";
  const auto value = read<document>(json, " " + text + "\n");
  REQUIRE(value.has_value());
  REQUIRE(*value == document::parse(text));
  REQUIRE(written(json, *value) == text);
  REQUIRE(written(json, document(-0.0)) == "-0");
  REQUIRE(written(json, *read<document>(json, "1e2")) == "100");
  REQUIRE(written(json, *read<document>(json, "\"\\u0000\"")) == "\"\\u0000\"");
}

TEST_CASE("untyped documents are as strict as typed ones") {
  REQUIRE(refusal_of<document>(json, R"({"a":[{"b":1},{"b":1,"b":2}]})") ==
          "a[1]: the member \"b\" is there twice at byte 21");
  REQUIRE(refusal_of<document>(json, "[1,]") ==
          "syntax error while parsing value - unexpected ']'; expected '[', '{', or a literal at byte 3");
  REQUIRE(refusal_of<document>(json.max_depth(2), "[[],[[]]]") == "[1]: nested deeper than 2 levels at byte 5");
  REQUIRE(code_of<document>(json, "1 2") == errc::syntax);
  REQUIRE(code_of<document>(json, "1e400") == errc::wrong_type);
  REQUIRE(code_of<document>(json, std::string_view("1\0", 2)) == errc::syntax);
}

TEST_CASE("an nlohmann::json that is no JSON is refused with its path") {
  REQUIRE(written(json, document{{"a", {1, std::nan("")}}}) ==
          "refused: a[1]: JSON has no number for NaN and infinity");
  REQUIRE(written(json, document{{"a", "\xFF"}}) == R"(refused: a: "\xff" is not UTF-8)");
  REQUIRE(written(json, document::binary({1})) == "refused: JSON has no binary values");
  document deep;
  for (int i = 0; i < 300; ++i) deep = document::array({std::move(deep)});
  REQUIRE(json.encode(deep).error() == errc::too_deep);
}
