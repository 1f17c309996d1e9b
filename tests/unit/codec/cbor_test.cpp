#include "twinsocket/cbor.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "codec_helpers.hpp"
#include "codec_vectors.hpp"
#include "messages.hpp"
#include "misnamed.hpp"
#include "twinsocket/json.hpp"

using messages::person;
using twinsocket::cbor;
using twinsocket::errc;
using twinsocket::json;
using twinsocket::message;
using twinsocket::message_kind;

namespace {

std::string from_hex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  return bytes;
}

message binary(std::string_view bytes) {
  return message(message_kind::binary, std::as_bytes(std::span(bytes.data(), bytes.size())));
}

template <class T>
auto read_bytes(std::string_view bytes, const twinsocket::cbor_codec& codec = cbor) {
  return codec.decode<T>(binary(bytes));
}
template <class T>
auto read_hex(std::string_view hex) {
  return read_bytes<T>(from_hex(hex));
}

template <class T>
std::string why(std::string_view hex) {
  const auto value = read_hex<T>(hex);
  return value ? "accepted" : value.error().detail();
}

template <class T>
std::string hex_of(const T& value) {
  const auto made = cbor.encode(value);
  if (!made) return "refused: " + made.error().detail();
  std::string hex;
  for (const std::byte each : made->bytes()) {
    hex += "0123456789abcdef"[static_cast<int>(each) >> 4];
    hex += "0123456789abcdef"[static_cast<int>(each) & 15];
  }
  return hex;
}

// Encodes a value to these bytes, and decodes them to the same value.
template <class T>
bool is_written(const T& value, std::string_view hex) {
  const auto again = read_hex<T>(hex);
  return hex_of(value) == hex && again.has_value() && *again == value;
}

std::string repeated(std::string_view piece, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += piece;
  return all;
}

// {"x": ...}: an unknown member of a person, so any well-formed value is skipped.
std::string passed_over(std::string_view bytes) { return from_hex("a16178") + std::string(bytes); }

}  // namespace

TEST_CASE("values are encoded as in the examples of RFC 8949, appendix A") {
  REQUIRE(is_written<std::uint64_t>(0, "00"));
  REQUIRE(is_written<std::uint64_t>(23, "17"));
  REQUIRE(is_written<std::uint64_t>(24, "1818"));
  REQUIRE(is_written<std::uint64_t>(100, "1864"));
  REQUIRE(is_written<std::uint64_t>(1000, "1903e8"));
  REQUIRE(is_written<std::uint64_t>(1000000, "1a000f4240"));
  REQUIRE(is_written<std::uint64_t>(1000000000000, "1b000000e8d4a51000"));
  REQUIRE(is_written(std::numeric_limits<std::uint64_t>::max(), "1bffffffffffffffff"));
  REQUIRE(is_written<std::int64_t>(-1, "20"));
  REQUIRE(is_written<std::int64_t>(-100, "3863"));
  REQUIRE(is_written<std::int64_t>(-1000, "3903e7"));
  REQUIRE(is_written(std::numeric_limits<std::int64_t>::min(), "3b7fffffffffffffff"));
  REQUIRE(is_written(1.1, "fb3ff199999999999a"));
  REQUIRE(is_written(100000.0, "fa47c35000"));
  REQUIRE(is_written(3.4028234663852886e+38, "fa7f7fffff"));
  REQUIRE(is_written(1.0e+300, "fb7e37e43c8800759c"));
  REQUIRE(is_written(-4.1, "fbc010666666666666"));
  REQUIRE(is_written(std::numeric_limits<double>::infinity(), "f97c00"));
  REQUIRE(is_written(-std::numeric_limits<float>::infinity(), "f9fc00"));
  REQUIRE(is_written(false, "f4"));
  REQUIRE(is_written(true, "f5"));
  REQUIRE(is_written(std::optional<int>(), "f6"));
  REQUIRE(is_written(std::vector<std::byte>{std::byte{1}, std::byte{2}}, "420102"));
  REQUIRE(is_written<std::string>("", "60"));
  REQUIRE(is_written<std::string>("\xC3\xBC", "62c3bc"));
  REQUIRE(is_written(std::vector<int>{1, 2, 3}, "83010203"));
  REQUIRE(is_written(std::map<std::string, int>{{"a", 1}, {"b", 2}}, "a2616101616202"));
  REQUIRE(is_written(std::vector<bool>{true, false}, "82f5f4"));
  REQUIRE(is_written(person{"Jan", {"x"}}, "a2644e616d65634a616e66456d61696c73816178"));
  REQUIRE(hex_of(std::numeric_limits<double>::quiet_NaN()) == "f97e00");
}

TEST_CASE("non-shortest integers, half precision, indefinite lengths and tags are decoded") {
  REQUIRE(*read_hex<int>("1b0000000000000017") == 23);
  REQUIRE(*read_hex<double>("f90000") == 0);
  REQUIRE(std::signbit(*read_hex<double>("f98000")));
  REQUIRE(*read_hex<double>("f93c00") == 1);
  REQUIRE(*read_hex<double>("f97bff") == 65504);
  REQUIRE(*read_hex<double>("f90001") == 5.960464477539063e-8);
  REQUIRE(*read_hex<double>("f9c400") == -4);
  REQUIRE(std::isnan(*read_hex<double>("f97e00")));
  REQUIRE(std::isnan(*read_hex<float>("fb7ff8000000000000")));
  REQUIRE(*read_hex<double>("3bffffffffffffffff") == -18446744073709551616.0);
  REQUIRE(*read_hex<float>("05") == 5);
  REQUIRE(*read_hex<std::string>("7f657374726561646d696e67ff") == "streaming");
  REQUIRE(read_hex<std::vector<std::byte>>("5f42010243030405ff")->size() == 5);
  REQUIRE(*read_hex<std::vector<std::vector<int>>>("9f8101820203ff") == std::vector<std::vector<int>>{{1}, {2, 3}});
  REQUIRE(read_hex<std::map<std::string, bool>>("bf6346756ef563416d74f4ff")->size() == 2);
  REQUIRE(*read_hex<int>("d9d9f7c101") == 1);
  REQUIRE_FALSE(read_hex<std::optional<int>>("f7")->has_value());
}

TEST_CASE("nlohmann::json and the CBOR codec decode each other's documents to the same values") {
  const auto vectors = nlohmann::json::parse(codec_vectors);
  int checked = 0;
  for (const auto& vector : vectors["written"]) {
    const auto type = vector["type"].get<std::string>();
    const auto text = vector["json"].get<std::string>();
    const auto document = nlohmann::json::parse(text);
    const auto check = [&]<class T>(T) {
      INFO(text);
      const auto value = *read<T>(json, text);
      const auto ours = cbor.encode(value);
      auto read_back = nlohmann::json::from_cbor(std::string(ours->text()));
      // A float decodes to the double with the same value. JSON has the shortest text for the float.
      if (read_back.contains("f32")) {
        REQUIRE(read_back["f32"].get<float>() == document["f32"].get<float>());
        read_back["f32"] = document["f32"];
      }
      REQUIRE(read_back == document);
      ++checked;
      std::string theirs;
      nlohmann::json::to_cbor(document, theirs);
      // nlohmann's JSON value does not keep -0.
      REQUIRE(written(json, *read_bytes<T>(theirs)) == written(json, *read<T>(json, document.dump())));
    };
    if (type == "Person") check(person());
    if (type == "numbers") check(messages::numbers());
    if (type == "House") check(messages::house());
    if (type == "Article") check(messages::article());
    if (type == "Letter") check(messages::letter());
    if (type == "Tree") check(messages::tree());
    if (type == "drawing") check(messages::drawing());
  }
  REQUIRE(checked > 10);
}

TEST_CASE("every kind of described type round-trips through CBOR") {
  const messages::house house = messages::some_house();
  REQUIRE(*cbor.decode<messages::house>(*cbor.encode(house)) == house);
  messages::lists lists;
  lists.rows = {{1}, {}};
  lists.flags = {true, false};
  lists.bytes = {std::byte{0}, std::byte{255}};
  lists.people["a"] = {"A", {}};
  REQUIRE(*cbor.decode<messages::lists>(*cbor.encode(lists)) == lists);
  const messages::position position{{1.5}, {{-2.5}}, {}};
  REQUIRE(*cbor.decode<messages::position>(*cbor.encode(position)) == position);
  const messages::drawing drawing{messages::square{2}, {messages::circle{1}}, {"a", 1, true}};
  REQUIRE(*cbor.decode<messages::drawing>(*cbor.encode(drawing)) == drawing);
  // CBOR encodes numbers as numbers where JSON encodes them as strings.
  const messages::strict strict{"m", 1, true, 5};
  REQUIRE(hex_of(strict) == "a4646d757374616d6565786163740164666c6167f5656d6179626505");
  REQUIRE(*cbor.decode<messages::strict>(*cbor.encode(strict)) == strict);
}

TEST_CASE("a CBOR decode error gives the path and the byte offset") {
  REQUIRE(cbor.decode<person>(message("{}")).error() == errc::wrong_kind);
  REQUIRE(why<person>("a166456d61696c7382616101") == "Emails[1]: expected a string, found a number at byte 11");
  REQUIRE(why<person>("a1644e616d654161") == "Name: expected a string, found bytes at byte 6");
  REQUIRE(why<person>("a1644e616d65f6") == "Name: expected a string, found null at byte 6");
  REQUIRE(why<person>("a2644e616d656161644e616d656162") == "the member \"Name\" occurs twice at byte 8");
  REQUIRE(why<person>("a10101") == "a key that is not a string at byte 1");
  REQUIRE(why<person>("80") == "expected an object, found an array at byte 0");
  REQUIRE(why<messages::strict>("a0") == "the member \"must\" is missing at byte 1");
  REQUIRE(why<std::uint8_t>("190100") == "expected an integer from 0 to 255, found 256 at byte 0");
  REQUIRE(why<std::uint8_t>("20") == "expected an integer from 0 to 255, found -1 at byte 0");
  REQUIRE(read_hex<std::int64_t>("3bffffffffffffffff").error() == errc::type_mismatch);
  REQUIRE(read_hex<std::int64_t>("3b8000000000000000").error() == errc::type_mismatch);
  REQUIRE(read_hex<int>("f93c00").error() == errc::type_mismatch);
  REQUIRE(read_hex<float>("fb7e37e43c8800759c").error() == errc::type_mismatch);
  REQUIRE(read_hex<std::string>("61ff").error() == errc::invalid_utf8);
  REQUIRE(read_hex<std::string>("7f61c361bcff").error() == errc::invalid_utf8);
  REQUIRE(why<std::vector<std::byte>>("6161") == "expected bytes, found a string at byte 0");
  REQUIRE(why<std::array<std::byte, 2>>("4101") == "a wrong number of bytes: 1 at byte 0");
  REQUIRE(why<bool>("f0") == "an unsupported simple value: 16 at byte 0");
  REQUIRE(why<int>("0100") == "expected the end of the document at byte 1");
  REQUIRE(cbor.disallow_unknown().decode<person>(binary(passed_over(from_hex("01")))).error() == errc::type_mismatch);
  REQUIRE(read_bytes<person>(passed_over(from_hex("01"))).has_value());
}

TEST_CASE("encoding invalid UTF-8 or an unknown enumerator to CBOR fails") {
  REQUIRE(cbor.encode(person{"\xFF", {}}).error() == errc::invalid_utf8);
  REQUIRE(cbor.encode(person{"", {"\xFF"}}).error().detail().starts_with("Emails[0]: "));
  REQUIRE(cbor.encode(static_cast<messages::color>(99)).error() == errc::invalid_argument);
}

TEST_CASE("the malformed examples of RFC 8949, appendix F, are rejected, also where members are skipped") {
  for (const std::string_view hex : {"18",
                                     "19",
                                     "1a",
                                     "1b",
                                     "1901",
                                     "1a0102",
                                     "1b01020304050607",
                                     "38",
                                     "58",
                                     "78",
                                     "98",
                                     "9a01ff00",
                                     "b8",
                                     "d8",
                                     "f8",
                                     "f900",
                                     "fa0000",
                                     "fb000000",
                                     "41",
                                     "61",
                                     "5affffffff00",
                                     "5bffffffffffffffff010203",
                                     "7affffffff00",
                                     "7b7fffffffffffffff010203",
                                     "81",
                                     "818181818181818181",
                                     "8200",
                                     "a1",
                                     "a20102",
                                     "a100",
                                     "a2000000",
                                     "c0",
                                     "5f4100",
                                     "7f6100",
                                     "9f",
                                     "9f0102",
                                     "bf",
                                     "bf01020102",
                                     "819f",
                                     "9f8000",
                                     "9f9f9f9f9fffffffff",
                                     "9f819f819f9fffffff",
                                     "1c",
                                     "1d",
                                     "1e",
                                     "3c",
                                     "3d",
                                     "3e",
                                     "5c",
                                     "7c",
                                     "9c",
                                     "bc",
                                     "dc",
                                     "fc",
                                     "f800",
                                     "f801",
                                     "f818",
                                     "f81f",
                                     "5f00ff",
                                     "5f21ff",
                                     "5f6100ff",
                                     "5f80ff",
                                     "5fa0ff",
                                     "5fc000ff",
                                     "5fe0ff",
                                     "7f4100ff",
                                     "5f5f4100ffff",
                                     "7f7f6100ffff",
                                     "ff",
                                     "81ff",
                                     "8200ff",
                                     "a1ff",
                                     "a1ff00",
                                     "a100ff",
                                     "a20000ff",
                                     "9f81ff",
                                     "9f829f819f9fffffffff",
                                     "bf00ff",
                                     "bf000000ff",
                                     "1f",
                                     "3f",
                                     "df",
                                     "c1ff",
                                     "bf6161ff",
                                     "9bffffffffffffffff00",
                                     "bbffffffffffffffff6100"}) {
    INFO(hex);
    REQUIRE_FALSE(read_hex<std::vector<std::vector<int>>>(hex).has_value());
    REQUIRE_FALSE(read_hex<std::map<std::string, int>>(hex).has_value());
    REQUIRE_FALSE(read_bytes<person>(passed_over(from_hex(hex))).has_value());
  }
  REQUIRE(read_bytes<person>(passed_over(from_hex("9bffffffffffffffff00"))).error() == errc::malformed);
}

TEST_CASE("truncated CBOR documents are rejected as malformed") {
  const auto whole = cbor.encode(messages::some_house());
  for (std::size_t size = 0; size < whole->size(); ++size)
    REQUIRE(read_bytes<messages::house>(whole->text().substr(0, size)).error() == errc::malformed);
}

TEST_CASE("CBOR documents over 256 levels are rejected as too_deep and decoding then still works") {
  const auto nested = [](std::size_t levels) { return repeated("\x81", levels - 1) + "\x80"; };
  REQUIRE(read_bytes<person>(passed_over(nested(255))).has_value());
  for (const std::size_t levels : {256, 299, 1'000'000}) {
    REQUIRE(read_bytes<person>(passed_over(nested(levels))).error() == errc::too_deep);
    REQUIRE(read_bytes<person>(passed_over(repeated("\x9F", levels))).error() == errc::too_deep);
    REQUIRE(read_hex<person>("a0").has_value());
  }
  REQUIRE(cbor.max_depth() == 256);
  REQUIRE(read_bytes<person>(passed_over(nested(5)), cbor.max_depth(5)).error() == errc::too_deep);
  messages::tree top;
  for (int i = 0; i < 127; ++i) {
    messages::tree parent;
    parent.branches.push_back(std::move(top));
    top = std::move(parent);
  }
  REQUIRE(cbor.decode<messages::tree>(*cbor.encode(top)).has_value());
  REQUIRE(cbor.max_depth(254).encode(top).error() == errc::too_deep);
}

TEST_CASE("a million nested CBOR tags are decoded without recursion") {
  REQUIRE(*read_bytes<int>(repeated("\xC1", 1'000'000) + "\x05") == 5);
}

TEST_CASE("a CBOR encoding error in a map or a variant gives the path") {
  using key_or_person = std::variant<bool, person>;
  CHECK(cbor.encode(std::map<std::string, std::string>{{"a", "\xFF"}}).error().detail().starts_with("[\"a\"]: "));
  CHECK(cbor.encode(std::vector<key_or_person>{true, person{"\xFF", {}}})
            .error()
            .detail()
            .starts_with("[1].Person.Name: "));
}

TEST_CASE("a CBOR number that an integer cannot hold is named in the error") {
  CHECK(why<std::uint8_t>("f97e00") == "expected an integer from 0 to 255, found NaN at byte 0");
  CHECK(why<std::uint8_t>("f97c00") == "expected an integer from 0 to 255, found infinity at byte 0");
  CHECK(why<std::uint8_t>("f9fc00") == "expected an integer from 0 to 255, found -infinity at byte 0");
  CHECK(why<std::uint8_t>("f93e00") == "expected an integer from 0 to 255, found 1.5 at byte 0");
  CHECK(why<bool>("f93e00") == "expected a boolean, found a number at byte 0");
  CHECK(why<float>("fb47f0000000000000") ==
        "expected a number in the range of a float, found 3.402823669209385e+38 at byte 0");
}

TEST_CASE("one CBOR value too many for a std::array is rejected whatever its type") {
  for (const std::string_view extra : {"01", "20", "f93e00", "6161", "4161", "f5", "f6", "a0", "80"}) {
    CAPTURE(extra);
    CHECK(why<std::array<int, 1>>("8205" + std::string(extra)) == "expected 1 elements, found more at byte 2");
  }
}

TEST_CASE("CBOR values of every type are skipped in an unknown member") {
  for (const std::string_view value : {"01", "20", "f93e00", "6161", "4161", "f5", "f6", "a0", "80", "c101"}) {
    CAPTURE(value);
    CHECK(read_bytes<person>(passed_over(from_hex(value))).has_value());
  }
}

TEST_CASE("an empty CBOR byte string is decoded as no bytes") {
  CHECK(read_hex<std::vector<std::byte>>("40")->empty());
  CHECK(read_hex<std::array<std::byte, 0>>("40").has_value());
  CHECK(why<std::array<std::byte, 2>>("40") == "a wrong number of bytes: 0 at byte 0");
  CHECK(why<std::array<std::byte, 2>>("43010203") == "a wrong number of bytes: 3 at byte 0");
}

TEST_CASE("simple values that CBOR does not define are rejected") {
  CHECK(why<int>("f0") == "an unsupported simple value: 16 at byte 0");
  CHECK(why<int>("f820") == "an unsupported simple value: 32 at byte 0");
  CHECK(why<int>("f8ff") == "an unsupported simple value: 255 at byte 0");
}

TEST_CASE("CBOR text that is not UTF-8 fails to be encoded in keys and described names") {
  CHECK(hex_of(std::map<std::string, int>{{"\xFF", 1}}) == R"(refused: "\xff" is not UTF-8)");
  CHECK(hex_of(messages::misnamed{}) == R"(refused: "a\xff" is not UTF-8)");
  CHECK(hex_of(std::vector{messages::mistake::wrong}) == R"(refused: [0]: "b\xff" is not UTF-8)");
  CHECK(hex_of(std::variant<bool, messages::misnamed_alternative>(messages::misnamed_alternative())) ==
        R"(refused: "c\xff" is not UTF-8)");
}

TEST_CASE("values nested too deep for CBOR are rejected at a list, a map, a variant and a struct") {
  const auto refused = [](const auto& value) { return cbor.max_depth(1).encode(value).error(); };
  CHECK(refused(std::vector<std::vector<int>>{{}}) == errc::too_deep);
  CHECK(refused(std::vector<std::map<std::string, int>>{{}}) == errc::too_deep);
  CHECK(refused(std::vector<messages::any_shape>{messages::circle{}}) == errc::too_deep);
  CHECK(refused(std::vector<person>{{}}) == errc::too_deep);
}
