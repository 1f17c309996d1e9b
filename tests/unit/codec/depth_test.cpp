#include <nlohmann/json.hpp>

#include "codec_testing.hpp"
#include "messages.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/xml.hpp"

using messages::person;
using messages::tree;
using twinsocket::errc;
using twinsocket::json;
using twinsocket::xml;

namespace {

std::string repeated(std::string_view piece, std::size_t times) {
  std::string all;
  all.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) all += piece;
  return all;
}

// Trees whose documents have so many levels; a tree in a list is two of them in JSON.
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

}  // namespace

TEST_CASE("documents of 256 levels pass, typed, untyped and passed over") {
  REQUIRE(height_of(*read<tree>(json, deep_json(128))) == 128);
  REQUIRE(read<nlohmann::json>(json, repeated("[", 256) + repeated("]", 256)).has_value());
  REQUIRE(read<person>(json, R"({"x":)" + repeated("[", 255) + repeated("]", 255) + "}").has_value());
  REQUIRE(height_of(*read<tree>(xml, deep_xml(256))) == 256);
  REQUIRE(read<person>(xml, "<Person>" + repeated("<x>", 255) + repeated("</x>", 255) + "</Person>").has_value());
}

TEST_CASE("documents of 257, 300 and 1,000,000 levels are refused, and the next one is read as if nothing had been") {
  for (const std::size_t levels : {257, 300, 1'000'000}) {
    REQUIRE(code_of<tree>(json, deep_json(levels)) == errc::too_deep);
    REQUIRE(code_of<tree>(json, repeated("[", levels)) == errc::wrong_type);
    REQUIRE(code_of<nlohmann::json>(json, repeated("[", levels)) == errc::too_deep);
    REQUIRE(code_of<nlohmann::json>(json, repeated("{\"a\":", levels)) == errc::too_deep);
    REQUIRE(code_of<person>(json, R"({"x":)" + repeated("[", levels)) == errc::too_deep);
    REQUIRE(code_of<tree>(xml, deep_xml(levels)) == errc::too_deep);
    REQUIRE(code_of<person>(xml, "<Person>" + repeated("<x>", levels)) == errc::too_deep);
    REQUIRE(read<person>(json, R"({"Name":"Jan"})")->name == "Jan");
    REQUIRE(read<person>(xml, "<Person><Name>Jan</Name></Person>")->name == "Jan");
  }
  REQUIRE(refusal_of<person>(json, R"({"x":)" + repeated("[", 300)) == "nested deeper than 256 levels at byte 260");
  REQUIRE(refusal_of<tree>(xml, repeated("<Tree>\n", 300)) == "nested deeper than 256 levels at line 257");
}

TEST_CASE("the limit of depth can be set") {
  REQUIRE(json.max_depth() == 256);
  REQUIRE(xml.max_depth() == 256);
  REQUIRE(read<tree>(json.max_depth(4), deep_json(2)).has_value());
  REQUIRE(code_of<tree>(json.max_depth(3), deep_json(2)) == errc::too_deep);
  REQUIRE(read<tree>(json.max_depth(2'000), deep_json(1'000)).has_value());
  REQUIRE(read<tree>(xml.max_depth(2), deep_xml(2)).has_value());
  REQUIRE(code_of<tree>(xml.max_depth(1), deep_xml(2)) == errc::too_deep);
  REQUIRE(height_of(*read<tree>(xml.max_depth(1'000), deep_xml(1'000))) == 1'000);
}

TEST_CASE("values nested too deep are not written") {
  const tree top = tree_of(128);
  // Each tree but the last has its list in JSON, which is a level too.
  REQUIRE(json.encode(top).has_value());
  REQUIRE(read<tree>(json, written(json, top)).has_value());
  REQUIRE(json.max_depth(254).encode(top).error() == errc::too_deep);
  REQUIRE(json.encode(tree_of(129)).error() == errc::too_deep);
  REQUIRE(height_of(*read<tree>(xml, written(xml, tree_of(255)))) == 255);
  REQUIRE(xml.encode(tree_of(257)).error() == errc::too_deep);
  REQUIRE(xml.max_depth(127).encode(top).error() == errc::too_deep);
  REQUIRE(written(xml.max_depth(2), top) == "refused: branches[0].name: nested deeper than 2 levels");
}
