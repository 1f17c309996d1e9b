#include <nlohmann/json.hpp>

#include "codec_helpers.hpp"
#include "messages.hpp"
#include "twinsocket/cbor.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

using messages::chain;
using messages::person;
using messages::tree;
using twinsocket::cbor;
using twinsocket::errc;
using twinsocket::json;
using twinsocket::message;
using twinsocket::message_kind;
using twinsocket::xml;

namespace {

std::string repeated(std::string_view piece, std::size_t times) {
  std::string all;
  all.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += piece;
  return all;
}

// Trees whose documents have this many levels. A tree in a list is two levels in JSON.
std::string deep_json(std::size_t objects) { return repeated(R"({"branches":[)", objects) + repeated("]}", objects); }
std::string deep_xml(std::size_t elements) {
  return "<Tree>" + repeated("<branches>", elements - 1) + repeated("</branches>", elements - 1) + "</Tree>";
}

std::size_t height_of(const tree& top) {
  std::size_t height = 1;
  for (const tree* at = &top; !at->branches.empty(); at = &at->branches.front()) ++height;
  return height;
}

tree tree_of(std::size_t height) {
  tree top;
  for (std::size_t i = 1; i < height; ++i) {
    tree parent;
    parent.branches.push_back(std::move(top));
    top = std::move(parent);
  }
  return top;
}

std::string around(std::size_t times, std::string_view opening, std::string_view inner, std::string_view closing) {
  return repeated(opening, times).append(inner) += repeated(closing, times);
}

// The codec's result for a document that is decoded as this type.
template <class T, class Codec>
errc verdict(const Codec& codec, std::string_view document) {
  const bool is_binary = std::is_same_v<Codec, twinsocket::cbor_codec>;
  const auto bytes = std::as_bytes(std::span(document.data(), document.size()));
  const auto value = codec.template decode<T>(message(is_binary ? message_kind::binary : message_kind::text, bytes));
  return value ? errc::ok : value.error().code();
}

struct nesting {
  std::string_view about;
  std::string (*document)(std::size_t levels);
  errc (*read)(std::string_view document);
  std::string_view smallest;  // A valid document of the same type.
};

template <class T>
errc as_json(std::string_view document) {
  return verdict<T>(json, document);
}
template <class T>
errc as_xml(std::string_view document) {
  return verdict<T>(xml, document);
}
template <class T>
errc as_cbor(std::string_view document) {
  return verdict<T>(cbor, document);
}

// Each returns a document with exactly the requested number of levels, which must be even.
const nesting all_nestings[] = {
    {"JSON, lists of structs", [](std::size_t n) { return around(n / 2, R"({"branches":[)", "", "]}"); }, as_json<tree>,
     "{}"},
    {"JSON, owned structs", [](std::size_t n) { return around(n - 1, R"({"next":)", "{}", "}"); }, as_json<chain>,
     "{}"},
    {"JSON, lists passed over", [](std::size_t n) { return R"({"x":)" + around(n - 1, "[", "", "]") + "}"; },
     as_json<person>, "{}"},
    {"JSON, objects passed over", [](std::size_t n) { return around(n - 1, R"({"x":)", "{}", "}"); }, as_json<person>,
     "{}"},
    {"JSON, untyped lists", [](std::size_t n) { return around(n, "[", "", "]"); }, as_json<nlohmann::json>, "{}"},
    {"JSON, untyped objects", [](std::size_t n) { return around(n - 1, R"({"x":)", "{}", "}"); },
     as_json<nlohmann::json>, "{}"},
    {"XML, lists of structs",
     [](std::size_t n) { return "<Tree>" + around(n - 1, "<branches>", "", "</branches>") + "</Tree>"; }, as_xml<tree>,
     "<Tree/>"},
    {"XML, owned structs",
     [](std::size_t n) { return "<chain>" + around(n - 1, "<next>", "", "</next>") + "</chain>"; }, as_xml<chain>,
     "<chain/>"},
    {"XML, elements passed over",
     [](std::size_t n) { return "<Person>" + around(n - 1, "<x>", "", "</x>") + "</Person>"; }, as_xml<person>,
     "<Person/>"},
    {"CBOR, lists of structs",
     [](std::size_t n) {
       return repeated(
                  "\xA1\x68"
                  "branches\x81",
                  n / 2 - 1) +
              "\xA1\x68"
              "branches\x80";
     },
     as_cbor<tree>, "\xA0"},
    {"CBOR, owned structs", [](std::size_t n) { return repeated("\xA1\x64next", n - 1) + "\xA0"; }, as_cbor<chain>,
     "\xA0"},
    {"CBOR, lists passed over", [](std::size_t n) { return "\xA1\x61x" + repeated("\x81", n - 2) + "\x80"; },
     as_cbor<person>, "\xA0"},
    {"CBOR, maps without a size passed over", [](std::size_t n) { return around(n - 1, "\xBF\x61x", "\xA0", "\xFF"); },
     as_cbor<person>, "\xA0"},
};

}  // namespace

TEST_CASE("documents of 256 levels are decoded and deeper ones fail with too_deep in every codec") {
  for (const nesting& each : all_nestings) {
    INFO(each.about);
    for (const std::size_t levels : {200, 256}) REQUIRE(each.read(each.document(levels)) == errc::ok);
    for (const std::size_t levels : {258, 300, 1'000'000}) {
      REQUIRE(each.read(each.document(levels)) == errc::too_deep);
      REQUIRE(each.read(each.smallest) == errc::ok);
    }
    REQUIRE(each.read(each.document(200)) == errc::ok);
  }
}

TEST_CASE("documents of 257, 300 and 1,000,000 levels are rejected and the next document is decoded") {
  for (const std::size_t levels : {257, 300, 1'000'000}) {
    REQUIRE(decode_error_code<tree>(json, deep_json(levels)) == errc::too_deep);
    REQUIRE(decode_error_code<tree>(json, repeated("[", levels)) == errc::type_mismatch);
    REQUIRE(decode_error_code<nlohmann::json>(json, repeated("[", levels)) == errc::too_deep);
    REQUIRE(decode_error_code<nlohmann::json>(json, repeated("{\"a\":", levels)) == errc::too_deep);
    REQUIRE(decode_error_code<person>(json, R"({"x":)" + repeated("[", levels)) == errc::too_deep);
    REQUIRE(decode_error_code<tree>(xml, deep_xml(levels)) == errc::too_deep);
    REQUIRE(decode_error_code<person>(xml, "<Person>" + repeated("<x>", levels)) == errc::too_deep);
    REQUIRE(read<person>(json, R"({"Name":"Jan"})")->name == "Jan");
    REQUIRE(read<person>(xml, "<Person><Name>Jan</Name></Person>")->name == "Jan");
  }
  REQUIRE(decode_error<person>(json, R"({"x":)" + repeated("[", 300)) == "nested deeper than 256 levels at byte 260");
  REQUIRE(decode_error<tree>(xml, repeated("<Tree>\n", 300)) == "nested deeper than 256 levels at line 257");
}

TEST_CASE("max_depth() changes the nesting limit of JSON and XML") {
  REQUIRE(json.max_depth() == 256);
  REQUIRE(xml.max_depth() == 256);
  REQUIRE(read<tree>(json.max_depth(4), deep_json(2)).has_value());
  REQUIRE(decode_error_code<tree>(json.max_depth(3), deep_json(2)) == errc::too_deep);
  REQUIRE(read<tree>(json.max_depth(2'000), deep_json(1'000)).has_value());
  REQUIRE(read<tree>(xml.max_depth(2), deep_xml(2)).has_value());
  REQUIRE(decode_error_code<tree>(xml.max_depth(1), deep_xml(2)) == errc::too_deep);
  REQUIRE(height_of(*read<tree>(xml.max_depth(1'000), deep_xml(1'000))) == 1'000);
}

TEST_CASE("encoding values that are nested too deep fails with too_deep") {
  const tree top = tree_of(128);
  // In JSON, each tree but the last has a list, which is a level too.
  REQUIRE(json.encode(top).has_value());
  REQUIRE(read<tree>(json, written(json, top)).has_value());
  REQUIRE(json.max_depth(254).encode(top).error() == errc::too_deep);
  REQUIRE(json.encode(tree_of(129)).error() == errc::too_deep);
  REQUIRE(height_of(*read<tree>(xml, written(xml, tree_of(255)))) == 255);
  REQUIRE(xml.encode(tree_of(257)).error() == errc::too_deep);
  REQUIRE(xml.max_depth(127).encode(top).error() == errc::too_deep);
  REQUIRE(written(xml.max_depth(2), top) == "refused: branches[0].name: nested deeper than 2 levels");
}
