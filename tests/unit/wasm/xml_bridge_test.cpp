#include "xml_bridge.hpp"

#include "test.hpp"

using twinsocket::detail::xml_to_tree;

namespace {

std::string tree_of(std::string_view document) {
  const auto made = xml_to_tree(document);
  if (!made) return "refused: " + made.error().detail();
  return {reinterpret_cast<const char*>(made->data()), made->size()};
}

}  // namespace

TEST_CASE("xml_to_tree() converts an XML document to a JSON tree for JavaScript") {
  REQUIRE(tree_of("<a/>") == R"(["a",1,0,""])");
  REQUIRE(tree_of("<a>x</a>") == R"(["a",1,0,"x"])");
  REQUIRE(tree_of("<p:a q:b='\"' c='&#10;'>\r\n1<b>2</b>\r<!--\n\n-->3<c/></p:a>") ==
          R"(["a",1,["q:b","\"","c","\n"],["b",2,0,"2"],["c",5,0,""],"\n1\n3"])");
  REQUIRE(tree_of("<a><b><c/></b>\n<b/></a>") == R"(["a",1,0,["b",1,0,["c",1,0,""],""],["b",2,0,""],"\n"])");
}

TEST_CASE("xml_to_tree() reports XML errors with their line") {
  REQUIRE(tree_of("<a>\n</b>") == "refused: expected the end tag of \"a\", found that of \"b\" at line 2");
  REQUIRE(tree_of("") == "refused: the document has no root element at line 1");
}
