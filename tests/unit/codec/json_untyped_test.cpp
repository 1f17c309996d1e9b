#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

#include "codec_helpers.hpp"
#include "twinsocket/json.hpp"

using twinsocket::errc;
using twinsocket::json;
using document = nlohmann::json;

namespace {

// Writes random documents by the grammar of RFC 8259.
class any_json {
 public:
  explicit any_json(unsigned seed) : random_(seed) {}

  std::string text() {
    text_.clear();
    value(4);
    return text_;
  }
  std::size_t below(std::size_t count) { return random_() % count; }

 private:
  std::string_view one_of(std::initializer_list<std::string_view> list) { return list.begin()[below(list.size())]; }
  void space() {
    if (below(4) == 0) text_ += one_of({" ", "\n", "\r\n", "\t  "});
  }
  void digits(std::size_t most) {
    for (std::size_t count = 1 + below(most); count > 0; --count) text_ += one_of({"0", "1", "2", "5", "8", "9"});
  }
  void number() {
    text_ += one_of({"", "-"});
    text_ += one_of({"0", "1", "7", "18446744073709551615", "18446744073709551616", "9223372036854775808"});
    if (text_.back() != '0' && below(2)) digits(below(4) ? 5 : 30);
    if (below(3) == 0) text_ += ".", digits(below(4) ? 5 : 30);
    if (below(3) == 0) text_ += one_of({"e", "E", "e+", "e-", "E-"}), digits(2);
  }
  void string(std::string_view begin) {
    text_ += '"';
    text_ += begin;
    for (std::size_t count = below(12); count > 0; --count)
      text_ +=
          one_of({"a", "plain text", " ", "\x7F", "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x98\x80", "\\\"", "\\\\", "\\/",
                  "\\b\\f\\n\\r\\t", "\\u0000", "\\u001f", "\\u00E9", "\\uffff", "\\ud83d\\uDE00", "{", "]"});
    text_ += '"';
  }
  void value(std::size_t levels) {
    space();
    switch (below(levels > 0 ? 6 : 4)) {
      case 0: string({}); break;
      case 1: text_ += one_of({"true", "false", "null"}); break;
      case 2:
      case 3: number(); break;
      default: container(levels - 1, below(2) == 0);
    }
    space();
  }
  void container(std::size_t levels, bool object) {
    text_ += object ? '{' : '[';
    space();
    const std::size_t count = below(5);
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text_ += ',';
      space();
      if (object) string(std::to_string(i)), space(), text_ += ':';
      value(levels);
    }
    text_ += object ? '}' : ']';
  }

  std::mt19937 random_;
  std::string text_;
};

}  // namespace

TEST_CASE("nlohmann::json values round-trip") {
  const std::string text = R"({"a":[1,-2,2.5,"x\n",true,false,null],"b":{"c":{},"d":[]},"e":18446744073709551615})";
  const auto value = read<document>(json, " " + text + "\n");
  REQUIRE(value.has_value());
  REQUIRE(*value == document::parse(text));
  REQUIRE(written(json, *value) == text);
  REQUIRE(written(json, document(-0.0)) == "-0");
  REQUIRE(written(json, *read<document>(json, "1e2")) == "100");
  REQUIRE(written(json, *read<document>(json, "\"\\u0000\"")) == "\"\\u0000\"");
}

TEST_CASE("decoding to nlohmann::json is as strict as decoding to described types") {
  REQUIRE(decode_error<document>(json, R"({"a":[{"b":1},{"b":1,"b":2}]})") ==
          "a[1]: the member \"b\" occurs twice at byte 21");
  REQUIRE(decode_error<document>(json, "[1,]") == "expected a value, found \"]\" at byte 3");
  REQUIRE(decode_error<document>(json.max_depth(2), "[[],[[]]]") == "[1]: nested deeper than 2 levels at byte 5");
  REQUIRE(decode_error_code<document>(json, "1 2") == errc::malformed);
  REQUIRE(decode_error_code<document>(json, "1e400") == errc::type_mismatch);
  REQUIRE(decode_error_code<document>(json, std::string_view("1\0", 2)) == errc::malformed);
}

TEST_CASE("random JSON documents are decoded as by nlohmann::json::parse()") {
  any_json made(1);
  for (int i = 0; i < 5'000; ++i) {
    const std::string text = made.text();
    INFO(text);
    const auto value = read<document>(json, text);
    REQUIRE(value.has_value());
    REQUIRE(value->dump() == document::parse(text).dump());
  }
}

TEST_CASE("mismatched brackets of nested arrays and objects are rejected at every depth") {
  std::mt19937 random(3);
  for (std::size_t depth = 1; depth <= 256; ++depth) {
    std::string text;
    std::string ends;
    for (std::size_t i = 0; i < depth; ++i) {
      const bool object = random() % 2 == 0;
      text += object ? "{\"a\":" : "[";
      ends.insert(ends.begin(), object ? '}' : ']');
    }
    text += "1" + ends;
    REQUIRE(read<document>(json, text)->dump() == document::parse(text).dump());
    char& wrong = text[text.size() - 1 - random() % depth];
    wrong = wrong == '}' ? ']' : '}';
    REQUIRE(decode_error_code<document>(json, text) == errc::malformed);
  }
}

TEST_CASE("mutated JSON documents are rejected exactly where nlohmann::json::parse() rejects them") {
  any_json made(2);
  std::size_t refused = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text = made.text();
    constexpr std::string_view bytes = "\"\\{}[]:,0-+.eu x\n\x1F\x80\xED\xC3";
    text[made.below(text.size())] = bytes[made.below(bytes.size())];
    INFO(text);
    const auto value = read<document>(json, text);
    const document theirs = document::parse(text, nullptr, false);
    REQUIRE(value.has_value() == !theirs.is_discarded());
    if (value) REQUIRE(value->dump() == theirs.dump());
    refused += value.has_error();
  }
  REQUIRE(refused > 5'000);
}

TEST_CASE("encoding an nlohmann::json without a JSON form fails with the path") {
  REQUIRE(written(json, document{{"a", {1, std::nan("")}}}) ==
          "refused: a[1]: JSON has no number for NaN and infinity");
  REQUIRE(written(json, document{{"a", "\xFF"}}) == R"(refused: a: "\xff" is not UTF-8)");
  REQUIRE(written(json, document::binary({1})) == "refused: JSON has no binary values");
  document deep;
  for (int i = 0; i < 300; ++i) deep = document::array({std::move(deep)});
  REQUIRE(json.encode(deep).error() == errc::too_deep);
}

TEST_CASE("encoding nlohmann::json objects with an invalid name or too many levels fails") {
  CHECK(written(json, document{{"a", {{"\xFF", 1}}}}) == R"(refused: a: "\xff" is not UTF-8)");
  document deep;
  for (int i = 0; i < 300; ++i) deep = document{{"a", std::move(deep)}};
  CHECK(json.encode(deep).error() == errc::too_deep);
  CHECK(written(json.max_depth(1), document{{"a", document::object()}}) == "refused: a: nested deeper than 1 levels");
}
