#include <cmath>
#include <limits>

#include "codec_helpers.hpp"
#include "messages.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

using namespace messages;
using twinsocket::errc;
using twinsocket::xml;

namespace {

struct demanding {
  std::vector<int> list;
  std::map<std::string, int> map;
  std::optional<int> maybe;
  std::optional<int> attribute;
  bool operator==(const demanding&) const = default;
};
BOOST_DESCRIBE_STRUCT(demanding, (), (list, map, maybe, attribute))
TWINSOCKET_NAMES(demanding, "demanding", (list, required), (map, required), (maybe, required),
                 (attribute, required, attribute))

struct nested {
  std::vector<std::map<std::string, int>> tables;
  std::map<std::string, std::map<std::string, int>> grid;
  std::vector<std::array<int, 2>> pairs;
  std::array<int, 2> first{};
  std::array<int, 2> second{};
  std::map<std::string, article> articles;
  bool operator==(const nested&) const = default;
};
BOOST_DESCRIBE_STRUCT(nested, (), (tables, grid, pairs, first, second, articles))

struct measured {
  std::optional<int> size;
  double value = 0;
  bool operator==(const measured&) const = default;
};
BOOST_DESCRIBE_STRUCT(measured, (), (size, value))
TWINSOCKET_NAMES(measured, "measured", (size, attribute), (value, content))

struct branches {
  int x = 0;
  int y = 0;
  bool operator==(const branches&) const = default;
};
BOOST_DESCRIBE_STRUCT(branches, (), (x, y))
TWINSOCKET_NAMES(branches, "branches", (x, xml_name("ab>x")), (y, xml_name("cd>y")))

struct exact {
  std::array<int, 2> pair{};
};
BOOST_DESCRIBE_STRUCT(exact, (), (pair))
TWINSOCKET_NAMES(exact, "exact", (pair, required))

std::string named_person(std::string_view inner) { return "<Person><Name>" + std::string(inner) + "</Name></Person>"; }
std::string name_in(std::string_view inner) { return read<person>(xml, named_person(inner))->name; }

}  // namespace

TEST_CASE("described types round-trip through XML") {
  check_round_trip(xml, person{"Jan", {"a@x", "b@x"}});
  check_round_trip(xml, person{" \t\n\r <>&\"' ]]> \xF0\x9F\x98\x80 ", {"", " ", "\n", " \n x"}});
  check_round_trip(xml, numbers{true, -128, -32768, -2147483648, std::numeric_limits<std::int64_t>::min(), 255, 65535,
                                4294967295, std::numeric_limits<std::uint64_t>::max(), 0.1F, -1.0 / 3});
  check_round_trip(xml, some_house());
  article text;
  text.id = -3;
  text.text = " x\n";
  check_round_trip(xml, text);
  check_round_trip(xml, letter{"A", "B", {"1", "2"}, "n", "s"});
  check_round_trip(xml, letter{});
  check_round_trip(xml, tree{"root", {{"a", {{"b", {}}}}, {"c", {}}}});
  check_round_trip(xml, drawing{square{1}, {circle{2}}, {"s", -5, true}});
  check_round_trip(xml, lists{{{1, 2}, {}},
                              {{"k", {"v"}}, {"l", {}}},
                              {true, false, true},
                              {std::byte{9}},
                              {},
                              {{"p", {"P", {"e"}}}},
                              std::vector{1}});
  check_round_trip(xml, strict{"m", std::numeric_limits<std::int64_t>::max(), false, 0});
  check_round_trip(xml, position{{51.5}, {{-1}, {2}}, latitude{2.5}});
  check_round_trip(xml, any_shape(circle{1}));
  check_round_trip(xml, messages::names{{{"a", "b"}}, {{{"c"}}, {{"d", "e"}}}, {{"k", {{"f"}}}}, std::array{1, 2}});
}

TEST_CASE("XML elements are accepted in any order among comments, instructions, text and unknown elements") {
  const auto value = read<person>(xml, R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<!DOCTYPE Person [ <!ELEMENT Person (Name)> <!ENTITY a ">"> <!-- ' --> ]>
<?style sheet?>
<!-- a person -->
<Person xmlns="urn:x" unknown="1">
  <Emails>a</Emails> text <Other><Name>no</Name></Other>
  <?instruction <Name> ?>
  <Name>J<!-- a comment -->an<![CDATA[ <&]]> </Name><Emails/>
</Person>
<!-- behind -->
)");
  REQUIRE(value.has_value());
  REQUIRE(*value == person{"Jan <& ", {"a", ""}});
}

TEST_CASE("namespace prefixes are ignored") {
  REQUIRE(
      *read<person>(
          xml, R"(<p:Person xmlns:p="urn:x"><q:Name>J</q:Name><Emails>e</Emails><p:Emails>f</p:Emails></p:Person>)") ==
      person{"J", {"e", "f"}});
  REQUIRE(read<article>(xml, R"(<Article xmlns:Id="urn" p:Id="5">x</Article>)")->id == 5);
}

TEST_CASE("XML text is preserved except for normalized line ends") {
  REQUIRE(name_in(" a ") == " a ");
  REQUIRE(name_in("  ") == "  ");
  REQUIRE(name_in("\t") == "\t");
  REQUIRE(name_in("a\r\nb\rc\nd\n\re") == "a\nb\nc\nd\n\ne");
  REQUIRE(name_in(" <!-- --> ") == "  ");
  REQUIRE(name_in("<![CDATA[]]>") == "");
  REQUIRE(name_in("<![CDATA[]]]]><![CDATA[>]]>") == "]]>");
  REQUIRE(name_in("<![CDATA[\r\n &amp; <x>]]>") == "\n &amp; <x>");
  REQUIRE(name_in("a<b>ignored</b>c") == "ac");
  REQUIRE(name_in("&lt;&gt;&amp;&quot;&apos;&#65;&#x42;&#x1F600;&#13;&#10;&#x20;") == "<>&\"'AB\xF0\x9F\x98\x80\r\n ");
  REQUIRE(name_in("&#x00000000000041;&#0000000000065;") == "AA");
  REQUIRE(name_in("&amp;lt;&amp;#65;") == "&lt;&#65;");
}

TEST_CASE("the content of an element is its text before, between and after its children") {
  const auto text_in = [](std::string_view inner) {
    return read<article>(xml, "<Article Lang='\"'>" + std::string(inner) + "</Article>")->text;
  };
  REQUIRE(text_in("") == "");
  REQUIRE(text_in("a\"&quot;'b") == "a\"\"'b");
  REQUIRE(text_in("a<x/>") == "a");
  REQUIRE(text_in(" \t\"<x/>&#10;b<x>c</x> ") == " \t\"\nb ");
  REQUIRE(text_in("<x/>a<!-- -->b<x/><![CDATA[]]>") == "ab");
  REQUIRE(text_in("<![CDATA[ <]]>&gt;<?p?><x y='1'>d<z/>e</x>f") == " <>f");
  const std::string deep = "a" + std::string(300, ' ');
  REQUIRE(text_in(deep + "<x>" + deep + "<y/>" + deep + "</x>" + deep) == deep + deep);
  REQUIRE(decode_error<article>(xml, "<Article \xC3\x97='a'/>") == "expected the name of an attribute at line 1");
}

TEST_CASE("attribute values are accepted in single and double quotes") {
  REQUIRE(read<article>(xml, "<Article Lang='\"a\" &apos;&#xA;\tb\r\n' Id = \"  5 \" />")->lang == "\"a\" '\n\tb\n");
  REQUIRE(read<article>(xml, R"(<Article Lang="'>]]>"/>)")->lang == "'>]]>");
  REQUIRE(read<article>(xml, R"(<Article Lang=" ">a</Article>)")->lang == " ");
}

TEST_CASE("XML numbers and bools are decoded as by Go") {
  const auto f64 = [](std::string_view text) {
    return read<numbers>(xml, "<numbers><f64>" + std::string(text) + "</f64></numbers>")->f64;
  };
  REQUIRE(f64(" 1e3\n") == 1000);
  REQUIRE(f64("+.5") == 0.5);
  REQUIRE(f64("5.") == 5);
  REQUIRE(f64("-inf") == -std::numeric_limits<double>::infinity());
  REQUIRE(f64("Infinity") == std::numeric_limits<double>::infinity());
  REQUIRE(std::isnan(f64("NaN")));
  REQUIRE(f64("1e-400") == 0);
  REQUIRE(f64("") == 0);
  const auto value = read<numbers>(xml, "<numbers><i8> -5 </i8><u8>+7</u8><u16/><flag> T </flag></numbers>");
  REQUIRE(value->i8 == -5);
  REQUIRE(value->u8 == 7);
  REQUIRE(value->u16 == 0);
  REQUIRE(value->flag);
  for (const std::string_view no : {"false", "0", "F", "FALSE", "False", "f", ""})
    REQUIRE(!read<numbers>(xml, "<numbers><flag>" + std::string(no) + "</flag></numbers>")->flag);
}

TEST_CASE("an XML decode error gives the path, the expected and found values and the line") {
  REQUIRE(decode_error<numbers>(xml, "<numbers>\n<i32>5</i32>\n\n<u8>old</u8></numbers>") ==
          "u8: expected an integer from 0 to 255, found \"old\" at line 4");
  REQUIRE(decode_error<numbers>(xml, "<numbers>\r\n<!-- \r \n --><u8>256</u8></numbers>") ==
          "u8: expected an integer from 0 to 255, found \"256\" at line 4");
  REQUIRE(decode_error<house>(xml, "<House><people/>\n<people><Name>a</Name>\n<Name>b</Name></people></House>") ==
          "people[1]: the element \"Name\" occurs twice at line 3");
  REQUIRE(decode_error<house>(xml, "<House><meters key=\"a\">1</meters>\n<meters key=\"b\">x</meters></House>") ==
          "meters[\"b\"]: expected an integer from -9223372036854775808 to 9223372036854775807, found \"x\" at line 2");
  REQUIRE(decode_error<house>(xml, "<House><paint>pink</paint></House>") ==
          "paint: expected one of red, green, deep blue, found \"pink\" at line 1");
  REQUIRE(decode_error<article>(xml, "<Article\n Id='x'/>") ==
          "Id: expected an integer from -9223372036854775808 to 9223372036854775807, found \"x\" at line 1");
  REQUIRE(decode_error<person>(xml, "\n<Human/>") == "expected the element \"Person\", found \"Human\" at line 2");
  REQUIRE(decode_error_code<person>(xml, "<Human/>") == errc::type_mismatch);
}

TEST_CASE("line numbers in XML errors count through nested elements") {
  std::string document = "<Tree>";
  for (int i = 0; i < 199; ++i) document += "\n<branches>";
  document += "<name>a</name>\n<name>b</name>";
  for (int i = 0; i < 199; ++i) document += "\n</branches>";
  document += "</Tree>";
  const std::string why = decode_error<tree>(xml, document);
  REQUIRE(why.substr(why.rfind(':')) == ": the element \"name\" occurs twice at line 201");
}

TEST_CASE("XML numbers and bools that are malformed or out of range are rejected") {
  for (const std::string_view bad : {"1 2", "0x10", "1_000", "--1", "e5", ".", "1e400", "nanx", "+nan", " "})
    REQUIRE(decode_error_code<numbers>(xml, "<numbers><f64>" + std::string(bad) + "</f64></numbers>") ==
            errc::type_mismatch);
  for (const std::string_view bad : {"1.0", "", "128", "-129", "- 1", "one", "9999999999999999999999"}) {
    const bool fits = bad.empty();
    REQUIRE((decode_error_code<numbers>(xml, "<numbers><i8>" + std::string(bad) + "</i8></numbers>") == errc::ok) ==
            fits);
  }
  for (const std::string_view bad : {"yes", "tRUE", "2", "true false"})
    REQUIRE(decode_error_code<numbers>(xml, "<numbers><flag>" + std::string(bad) + "</flag></numbers>") ==
            errc::type_mismatch);
}

TEST_CASE("duplicate elements and attributes are rejected for single members") {
  REQUIRE(decode_error<person>(xml, "<Person><Name>a</Name><Emails/><Name>b</Name></Person>") ==
          "the element \"Name\" occurs twice at line 1");
  REQUIRE(decode_error<article>(xml, "<Article Id='1' p:Id='2'/>") == "the attribute \"Id\" occurs twice at line 1");
}

TEST_CASE("elements of a list may be interleaved with other elements") {
  REQUIRE(
      *read<person>(xml, "<Person><Emails>a</Emails><Name>J</Name><Emails>b</Emails><x/><Emails>c</Emails></Person>") ==
      person{"J", {"a", "b", "c"}});
}

TEST_CASE("members with paths are decoded from their parent elements, also when a parent occurs again") {
  const auto value =
      read<letter>(xml,
                   "<Letter><Body><Line>1</Line><x/><Line>2</Line></Body><To><Name><Last>B</Last></Name></To>"
                   "<To><x/><Name><First>A</First><First2/></Name></To></Letter>");
  REQUIRE(value.has_value());
  REQUIRE(*value == letter{"A", "B", {"1", "2"}, "", {}});
  REQUIRE(read<letter>(xml, "<Letter><Body><Line>1</Line></Body><x/><Body><Line>2</Line></Body></Letter>")->lines ==
          std::vector<std::string>{"1", "2"});
  REQUIRE(decode_error<letter>(xml, "<Letter><End><Signature/></End>\n<End><Signature/></End></Letter>") ==
          "the element \"Signature\" occurs twice at line 2");
  REQUIRE(read<letter>(xml, "<Letter><First>A</First><Name><First>A</First></Name></Letter>")->first.empty());
}

TEST_CASE("disallow_unknown() rejects unknown elements and attributes") {
  const auto refused = [](std::string_view document) { return decode_error<person>(xml.disallow_unknown(), document); };
  REQUIRE(refused("<Person><x/></Person>") == "the element \"x\" is not known at line 1");
  REQUIRE(refused("<Person x='1'/>") == "the attribute \"x\" is not known at line 1");
  REQUIRE(refused("<Person><Name>a<x/></Name></Person>") == "Name: the element \"x\" is not known at line 1");
  REQUIRE(refused("<Person xmlns='u' xmlns:p='v' p:x='1'><Name>a</Name></Person>") == "accepted");
}

TEST_CASE("missing required elements are rejected") {
  REQUIRE(decode_error<strict>(xml, "<strict><maybe>1</maybe></strict>") == "the member \"must\" is missing at line 1");
  REQUIRE(read<strict>(xml, "<strict><must/></strict>")->maybe == 5);
}

TEST_CASE("empty required lists, maps and optionals round-trip through XML without an element") {
  REQUIRE(written(xml, demanding{}) == "<demanding></demanding>");
  check_round_trip(xml, demanding{});
  check_round_trip(xml, demanding{{1}, {{"a", 2}}, 3, 4});
  REQUIRE(decode_error<demanding>(twinsocket::json, "{}") == "the member \"list\" is missing at byte 1");
}

TEST_CASE("array sizes, base64, map keys and variants are validated in XML") {
  REQUIRE(decode_error<house>(xml, "<House><size>1</size></House>") == "size: expected 3 elements, found 1 at line 1");
  REQUIRE(decode_error<house>(xml, "<House><size/><size/><size/><size/></House>") ==
          "size: expected 3 elements, found more at line 1");
  REQUIRE(decode_error<house>(xml, "<House><meters>1</meters></House>") ==
          "meters: the attribute \"key\" is missing at line 1");
  REQUIRE(decode_error<house>(xml, "<House><meters key='a'/><meters key='a'/></House>") ==
          "meters: the key \"a\" occurs twice at line 1");
  REQUIRE(decode_error<lists>(xml, "<lists><bytes>A</bytes></lists>") ==
          "bytes: expected bytes in base64, found \"A\" at line 1");
  REQUIRE(decode_error_code<lists>(xml, "<lists><pair>AQID</pair></lists>") == errc::type_mismatch);
  REQUIRE(decode_error<drawing>(xml, "<drawing><outline/></drawing>") ==
          "outline: expected one element, found none at line 1");
  REQUIRE(decode_error<drawing>(xml, "<drawing><outline><Circle/><Square/></outline></drawing>") ==
          "outline: expected one element, found also \"Square\" at line 1");
  REQUIRE(decode_error<any_shape>(xml, "<Triangle/>") ==
          "expected one of the elements Circle, Square, found \"Triangle\" at line 1");
  REQUIRE(decode_error<messages::names>(xml, "<names><pair>1</pair></names>") ==
          "pair: expected 2 elements, found 1 at line 1");
  REQUIRE(
      decode_error<messages::names>(xml, "<names><keyed key='a'><item>x</item></keyed>\n<keyed key='b'/></names>") ==
      "keyed[\"b\"]: expected some parts at line 2");
  REQUIRE(decode_error<position>(xml, "<position><track>1N</track><track>1</track></position>") ==
          "track[1]: a latitude ends in N or S at line 1");
}

TEST_CASE("the XML codec rejects binary messages") {
  const std::string_view document = "<Person/>";
  const auto value = xml.decode<person>(twinsocket::message(
      twinsocket::message_kind::binary, std::as_bytes(std::span(document.data(), document.size()))));
  REQUIRE(value.error() == errc::wrong_kind);
}

TEST_CASE("lists and maps inside others round-trip and their errors have the whole path") {
  nested value;
  value.tables = {{{"a", 1}, {"b", 2}}, {}, {{"", -1}}};
  value.grid = {{"x", {{"y", 3}}}, {"z", {}}};
  value.pairs = {{1, 2}, {3, 4}};
  value.first = {5, 6};
  value.second = {7, 8};
  value.articles["k"].lang = "en";
  check_round_trip(xml, value);
  const auto error_in = [](std::string_view inner) {
    const std::string fixed = "<first>1</first><second>2</second><first>3</first><second>4</second>";
    return decode_error<nested>(xml, "<nested>" + fixed + std::string(inner) + "</nested>");
  };
  CHECK(error_in("") == "accepted");
  CHECK(error_in("<tables><x/></tables>") == "accepted");
  CHECK(error_in("<tables/><tables><item key='a'>x</item></tables>") ==
        "tables[1][\"a\"]: expected an integer from -2147483648 to 2147483647, found \"x\" at line 1");
  CHECK(error_in("<grid key='a'><item key='b'>x</item></grid>") ==
        "grid[\"a\"][\"b\"]: expected an integer from -2147483648 to 2147483647, found \"x\" at line 1");
  CHECK(error_in("<grid key='a'><item/></grid>") == "grid[\"a\"]: the attribute \"key\" is missing at line 1");
  CHECK(error_in("<pairs><item>1</item><item>x</item></pairs>") ==
        "pairs[0][1]: expected an integer from -2147483648 to 2147483647, found \"x\" at line 1");
  CHECK(error_in("<pairs><item>1</item></pairs>") == "pairs[0]: expected 2 elements, found 1 at line 1");
  CHECK(error_in("<pairs><item/><item/><item/></pairs>") == "pairs[0]: expected 2 elements, found more at line 1");
  CHECK(error_in("<articles key='k' Id='x'/>") ==
        "articles[\"k\"].Id: expected an integer from -9223372036854775808 to 9223372036854775807, found \"x\" at line "
        "1");
  CHECK(decode_error<nested>(xml, "<nested><first>1</first><second>1</second><first>2</first></nested>") ==
        "second: expected 2 elements, found 1 at line 1");
}

TEST_CASE("an invalid value in an attribute or in the content is rejected with the name of the member") {
  check_round_trip(xml, measured{5, 0.5});
  check_round_trip(xml, measured{{}, -1});
  CHECK(written(xml, measured{{}, 2}) == "<measured>2</measured>");
  CHECK(decode_error<measured>(xml, "<measured size='big'>1</measured>") ==
        "size: expected an integer from -2147483648 to 2147483647, found \"big\" at line 1");
  CHECK(decode_error<measured>(xml, "<measured>\n<x/>long</measured>") ==
        "value: expected a number, found \"\\x0along\" at line 1");
}

TEST_CASE("XML numbers may have a plus sign and any number of digits") {
  const auto f64 = [](std::string_view text) {
    return read<numbers>(xml, "<numbers><f64>" + std::string(text) + "</f64></numbers>")->f64;
  };
  CHECK(f64("+123456789012345678901234567890") == 123456789012345678901234567890.0);
  CHECK(f64("+Inf") == std::numeric_limits<double>::infinity());
  CHECK(f64("+infinity") == std::numeric_limits<double>::infinity());
  CHECK(f64("-Infinity") == -std::numeric_limits<double>::infinity());
}

TEST_CASE("an element inside a path belongs to the member with exactly this path") {
  const auto value = read<branches>(xml, "<branches><cd><x>1</x><y>2</y></cd><ab><x>3</x><y>4</y></ab></branches>");
  REQUIRE(value.has_value());
  CHECK(*value == branches{3, 2});
}

TEST_CASE("a required array of fixed size must be there, and a variant is named in the path of an error") {
  CHECK(decode_error<exact>(xml, "<exact/>") == "the member \"pair\" is missing at line 1");
  CHECK(read<exact>(xml, "<exact><pair>1</pair><pair>2</pair></exact>")->pair == std::array{1, 2});
  CHECK(decode_error<drawing>(xml, "<drawing><outline><Circle><radius>x</radius></Circle></outline></drawing>") ==
        "outline.Circle.radius: expected a number, found \"x\" at line 1");
}
