#include <cmath>
#include <limits>

#include "codec_helpers.hpp"
#include "messages.hpp"
#include "twinsocket/xml.hpp"

using namespace messages;
using twinsocket::errc;
using twinsocket::xml;

namespace {

struct notes {
  std::map<std::string, std::string> by_name;
  std::vector<std::variant<bool, person>> any;
};
BOOST_DESCRIBE_STRUCT(notes, (), (by_name, any))

struct single {
  std::string s;
  bool operator==(const single&) const = default;
};
BOOST_DESCRIBE_STRUCT(single, (), (s))

struct sizes {
  std::vector<double> d;
  std::vector<float> f;
};
BOOST_DESCRIBE_STRUCT(sizes, (), (d, f))
TWINSOCKET_NAMES(sizes, "s")

struct spaced {
  int two_words = 0;
};
BOOST_DESCRIBE_STRUCT(spaced, (), (two_words))
TWINSOCKET_NAMES(spaced, "spaced", (two_words, "two words"))

struct said {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(said, (), (text))
TWINSOCKET_NAMES(said, "said", (text, "#text", content))

struct keyed {
  std::map<std::string, named> things;
  std::map<std::string, std::string> words;
};
BOOST_DESCRIBE_STRUCT(keyed, (), (things, words))

struct key_itself {
  std::string key;
};
BOOST_DESCRIBE_STRUCT(key_itself, (), (key))
TWINSOCKET_NAMES(key_itself, "key_itself", (key, attribute))

struct keyed_twice {
  std::map<std::string, key_itself> things;
};
BOOST_DESCRIBE_STRUCT(keyed_twice, (), (things))

// Members of every form that may hold text.
struct labelled {
  std::optional<std::string> label;
  std::optional<std::string> text;
};
BOOST_DESCRIBE_STRUCT(labelled, (), (label, text))
TWINSOCKET_NAMES(labelled, "labelled", (label, attribute), (text, content))

struct within {
  named inner;
};
BOOST_DESCRIBE_STRUCT(within, (), (inner))

struct holes {
  std::vector<std::optional<int>> list;
};
BOOST_DESCRIBE_STRUCT(holes, (), (list))

}  // namespace

TEST_CASE("structs are encoded as one element per member and per list element") {
  REQUIRE(written(xml, person{"Jan", {"a@x", "b@x"}}) ==
          "<Person><Name>Jan</Name><Emails>a@x</Emails><Emails>b@x</Emails></Person>");
  REQUIRE(written(xml, person{}) == "<Person><Name></Name></Person>");
  REQUIRE(xml.encode(person{}).value().is_text());
}

TEST_CASE("a struct without a described name is encoded under its C++ name") {
  REQUIRE(
      written(xml, numbers{true, -128, -32768, -2147483648, std::numeric_limits<std::int64_t>::min(), 255, 65535,
                           4294967295, std::numeric_limits<std::uint64_t>::max(), 0.5, -1}) ==
      "<numbers><flag>true</flag><i8>-128</i8><i16>-32768</i16><i32>-2147483648</i32><i64>-9223372036854775808</i64>"
      "<u8>255</u8><u16>65535</u16><u32>4294967295</u32><u64>18446744073709551615</u64><f32>0.5</f32><f64>-1</f64></"
      "numbers>");
}

TEST_CASE("XML numbers are encoded as by Go") {
  REQUIRE(written(xml, sizes{{0.1, 100000, 1e6, 123456789, 0.0001, 0.00001, -0.0, 1e21, 5e-324}, {0.1F, 1e10F}}) ==
          "<s><d>0.1</d><d>100000</d><d>1e+06</d><d>1.23456789e+08</d><d>0.0001</d><d>1e-05</d><d>-0</d><d>1e+21</d>"
          "<d>5e-324</d><f>0.1</f><f>1e+10</f></s>");
  constexpr double infinity = std::numeric_limits<double>::infinity();
  REQUIRE(written(xml, sizes{{std::nan(""), infinity, -infinity}, {}}) == "<s><d>NaN</d><d>+Inf</d><d>-Inf</d></s>");
}

TEST_CASE("XML text is escaped as by Go") {
  const auto escaped = [](std::string text) {
    const std::string all = written(xml, single{std::move(text)});
    return all.substr(11, all.size() - 24);
  };
  REQUIRE(escaped("\"'&<>\t\n\r") == "&#34;&#39;&amp;&lt;&gt;&#x9;&#xA;&#xD;");
  REQUIRE(escaped("]]>  \xC3\xA9\xF0\x9F\x98\x80 ") == "]]&gt;  \xC3\xA9\xF0\x9F\x98\x80 ");
}

TEST_CASE("encoding characters that XML does not allow fails with the character and its position") {
  for (const auto& [bad, name] : {std::pair<std::string, std::string>{std::string("\0", 1), "U+0000"},
                                  {"\x01", "U+0001"},
                                  {"\x1F", "U+001F"},
                                  {"\xEF\xBF\xBE", "U+FFFE"},
                                  {"\xEF\xBF\xBF", "U+FFFF"}}) {
    const auto refused = xml.encode(single{"\xC3\xA9x" + bad + "y"});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == twinsocket::errc::invalid_argument);
    CHECK(refused.error().detail() == "s: XML does not allow " + name + ", which is character 3");
  }
  // A surrogate encoded in UTF-8: three invalid bytes.
  for (const std::string bad : {"a\xFF", "\xED\xA0\x80"}) {
    const auto refused = xml.encode(single{bad});
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error() == twinsocket::errc::invalid_utf8);
  }
}

TEST_CASE("attributes and content are encoded and omit_empty leaves out empty ones") {
  article value;
  value.id = 3;
  value.text = "a<b";
  REQUIRE(written(xml, value) == R"(<Article Id="3">a&lt;b</Article>)");
  value.lang = "\"\n";
  REQUIRE(written(xml, value) == R"(<Article Id="3" Lang="&#34;&#xA;">a&lt;b</Article>)");
}

TEST_CASE("consecutive members with a common path share the parent elements") {
  REQUIRE(written(xml, letter{"A", "B", {"1", "2"}, "n", "s"}) ==
          "<Letter><To><Name><First>A</First><Last>B</Last></Name></To><Body><Line>1</Line><Line>2</Line></"
          "Body><Note>n</Note>"
          "<End><Signature>s</Signature></End></Letter>");
  REQUIRE(written(xml, letter{}) == "<Letter><To><Name><First></First><Last></Last></Name></To><Body></Body></Letter>");
}

TEST_CASE("structs nest and an empty optional has no element") {
  REQUIRE(
      written(xml, some_house()) ==
      "<House><paint>deep "
      "blue</paint><at><name>M\xC3\xA9in</name><number>5</number></at><formerly><name>Old</name></formerly>"
      "<people><Name>A</Name><Emails>x</Emails><Emails>y</Emails></people><people><Name></Name></people>"
      R"(<size>1</size><size>-2.5</size><size>3e+300</size><meters key="">1</meters><meters key="x y">2</meters></House>)");
}

TEST_CASE("map keys are encoded as the key attribute and a struct with its own key attribute is refused") {
  REQUIRE(written(xml, keyed{{{"x", {7}}}, {{"<", ">"}}}) ==
          R"(<keyed><things key="x" Id="7"></things><words key="&lt;">&gt;</words></keyed>)");
  REQUIRE(written(xml, keyed_twice{{{"x", {"y"}}}}) ==
          "refused: things[\"x\"]: the attribute \"key\" holds the key of the map");
}

TEST_CASE("a variant is encoded as an element named after the alternative") {
  REQUIRE(
      written(xml, drawing{circle{1}, {square{2}}, {"a", 5, true}}) ==
      "<drawing><outline><Circle><radius>1</radius></Circle></outline><inside><Square><side>2</side></Square></inside>"
      "<labels><string>a</string></labels><labels><int32>5</int32></labels><labels><bool>true</bool></labels></"
      "drawing>");
  REQUIRE(written(xml, any_shape(square{2})) == "<Square><side>2</side></Square>");
}

TEST_CASE("elements of nested lists are named item") {
  lists value;
  value.rows = {{1, 2}, {}};
  value.groups = {{"g", {"x"}}};
  value.flags = {true, false};
  value.bytes = {std::byte{255}};
  REQUIRE(written(xml, value) ==
          R"(<lists><rows><item>1</item><item>2</item></rows><rows></rows><groups key="g"><item>x</item></groups>)"
          "<flags>true</flags><flags>false</flags><bytes>/w==</bytes><pair>AAA=</pair></lists>");
}

TEST_CASE("a user-defined type is encoded to XML as the value that it converts to") {
  REQUIRE(written(xml, position{{51.5}, {{-1}, {0}}, latitude{2}}) ==
          "<position><at>51.5N</at><track>1.0S</track><track>0.0N</track><goal>2.0N</goal></position>");
  REQUIRE(written(xml, messages::names{{{"a", "b"}}, {{{"c"}}}, {}, {}}) ==
          "<names><one><item>a</item><item>b</item></one><more><item>c</item></more></names>");
}

TEST_CASE("a content member may have a name that is not valid in XML") {
  REQUIRE(written(xml, said{"x"}) == "<said>x</said>");
}

TEST_CASE("encoding values without an XML form fails") {
  REQUIRE(written(xml, spaced{}) == "refused: \"two words\" cannot be a name in XML");
  REQUIRE(written(xml, holes{{1, {}}}) == "refused: list[1]: XML cannot represent an element without a value");
  house unpainted;
  unpainted.paint = static_cast<color>(9);
  REQUIRE(written(xml, unpainted) == "refused: paint: expected one of red, green, deep blue, found 9");
  REQUIRE(xml.encode(spaced{}).error() == errc::invalid_argument);
}

TEST_CASE("an XML encoding error in a map or a variant gives the path") {
  const auto in_map = xml.encode(notes{{{"a", "\x01"}}, {}});
  REQUIRE_FALSE(in_map.has_value());
  CHECK(in_map.error().detail().starts_with("by_name[\"a\"]: "));
  const auto in_variant = xml.encode(notes{{}, {true, person{"\x01", {}}}});
  REQUIRE_FALSE(in_variant.has_value());
  CHECK(in_variant.error().detail().starts_with("any[1].Person.Name: "));
}

TEST_CASE("optional attributes and content are left out when empty and checked when not") {
  CHECK(written(xml, labelled{}) == "<labelled></labelled>");
  CHECK(written(xml, labelled{"a", "b"}) == "<labelled label=\"a\">b</labelled>");
  CHECK(written(xml, labelled{"\x01", {}}) == "refused: label: XML does not allow U+0001, which is character 1");
  CHECK(written(xml, labelled{{}, "a\x01"}) == "refused: text: XML does not allow U+0001, which is character 2");
}

TEST_CASE("a map key that XML does not allow fails to be encoded") {
  CHECK(written(xml, keyed{{{"\x01", {7}}}, {}}) ==
        "refused: things[\"\\x01\"]: XML does not allow U+0001, which is character 1");
  CHECK(written(xml, keyed{{}, {{"\xFF", ""}}}).starts_with("refused: words[\"\\xff\"]: "));
}

TEST_CASE("the parent elements of a path count as levels") {
  const letter value{"A", "B", {}, "", {}};
  CHECK(xml.max_depth(4).encode(value).has_value());
  CHECK(written(xml.max_depth(3), value) == "refused: First: nested deeper than 3 levels");
  CHECK(written(xml.max_depth(2), value) == "refused: First: nested deeper than 2 levels");
  CHECK(written(xml.max_depth(1), value) == "refused: First: nested deeper than 1 levels");
}

TEST_CASE("a struct that is nested too deep fails to be encoded to XML") {
  CHECK(written(xml.max_depth(1), std::variant<person, named>(named{5})) == "<Named Id=\"5\"></Named>");
  CHECK(written(xml.max_depth(1), within{}) == "refused: inner: nested deeper than 1 levels");
}
