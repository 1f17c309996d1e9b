// Types with a wire_form whose wire type is not a string, and those that refuse a value.

#include "codec_helpers.hpp"
#include "messages.hpp"
#include "twinsocket/cbor.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

using twinsocket::cbor;
using twinsocket::errc;
using twinsocket::error;
using twinsocket::json;
using twinsocket::result;
using twinsocket::xml;

namespace {

// Has a form only if it is even. The errors have no detail.
struct even {
  int value = 0;
  bool operator==(const even&) const = default;
};

// Absent on the wire if it is zero.
struct count {
  int value = 0;
  bool operator==(const count&) const = default;
};

struct board {
  even side;
  count pieces;
  std::vector<even> all;
  bool operator==(const board&) const = default;
};
BOOST_DESCRIBE_STRUCT(board, (), (side, pieces, all))
TWINSOCKET_NAMES(board, "board", (side, attribute, as_string))

struct piece {
  count pieces;
  bool operator==(const piece&) const = default;
};
BOOST_DESCRIBE_STRUCT(piece, (), (pieces))
TWINSOCKET_NAMES(piece, "piece", (pieces, attribute))

}  // namespace

template <>
struct twinsocket::wire_form<even> {
  static result<int> to_wire(const even& from) {
    if (from.value % 2 != 0) return error(errc::unsupported);
    return from.value;
  }
  static result<even> from_wire(const int& from) {
    if (from % 2 != 0) return error(errc::unsupported);
    return even{from};
  }
};

template <>
struct twinsocket::wire_form<count> {
  static std::optional<int> to_wire(const count& from) {
    return from.value == 0 ? std::optional<int>() : std::optional(from.value);
  }
  static result<count> from_wire(const std::optional<int>& from) { return count{from.value_or(0)}; }
};

TEST_CASE("types with a number or an optional as their wire form round-trip") {
  for (const board& each : {board{{2}, {3}, {{4}, {6}}}, board{{-2}, {0}, {}}}) {
    check_round_trip(json, each);
    check_round_trip(xml, each);
    CHECK(*cbor.decode<board>(*cbor.encode(each)) == each);
  }
  check_round_trip(xml, piece{{7}});
  check_round_trip(xml, piece{{0}});
  CHECK(written(xml, piece{{0}}) == R"(<piece pieces=""></piece>)");
  CHECK(written(json, board{{2}, {0}, {{4}}}) == R"({"side":"2","pieces":null,"all":[4]})");
  CHECK(written(xml, board{{2}, {0}, {{4}}}) == R"(<board side="2"><all>4</all></board>)");
}

TEST_CASE("null is decoded as the wire form if that is optional and rejected otherwise") {
  CHECK(read<board>(json, R"({"pieces":null})")->pieces == count{0});
  CHECK(*read<std::vector<count>>(json, "[null,5]") == std::vector<count>{{0}, {5}});
  CHECK(decode_error<board>(json, R"({"all":[null]})") ==
        "all[0]: expected an integer from -2147483648 to 2147483647, found null at byte 8");
  CHECK(decode_error<board>(json, R"({"side":null})") ==
        "side: expected an integer from -2147483648 to 2147483647, found null at byte 8");
  CHECK(decode_error<messages::names>(json, R"({"one":null})") == "one: expected an array, found null at byte 7");
}

TEST_CASE("a wire_form that refuses a value without a detail is reported by the code of its error") {
  const auto refused = json.encode(std::vector<even>{{2}, {3}});
  REQUIRE(refused.has_error());
  CHECK(refused.error() == errc::invalid_argument);
  CHECK(refused.error().detail() == "[1]: not available here");
  CHECK(cbor.encode(even{1}).error().detail() == "not available here");
  CHECK(written(xml, board{{1}, {}, {}}) == "refused: side: not available here");
  CHECK(written(xml, board{{2}, {}, {{3}}}) == "refused: all[0]: not available here");
  CHECK(decode_error<board>(json, R"({"all":[2,3]})") == "all[1]: not available here at byte 10");
  CHECK(decode_error<board>(xml, "<board side='3'/>") == "side: not available here at line 1");
  CHECK(decode_error<board>(xml, "<board side='x'/>") ==
        "side: expected an integer from -2147483648 to 2147483647, found \"x\" at line 1");
}
