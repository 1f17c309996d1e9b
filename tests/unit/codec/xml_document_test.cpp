#include <tinyxml2.h>

#include "codec_helpers.hpp"
#include "twinsocket/xml.hpp"

using twinsocket::errc;
using twinsocket::message;
using twinsocket::xml;

namespace {

// What tinyxml2 prints of a document, or the error.
std::string printed(std::string_view document, const twinsocket::xml_codec& codec = xml) {
  tinyxml2::XMLDocument made;
  made.Parse("<before/>");
  const auto done = codec.decode(message(document), made);
  tinyxml2::XMLPrinter printer(nullptr, true);
  made.Print(&printer);
  return printer.CStr() + (done ? std::string() : "refused: " + done.error().detail());
}

}  // namespace

TEST_CASE("a message is decoded to a tinyxml2 document with its elements, attributes and text") {
  REQUIRE(printed("<a/>") == "<a/>");
  REQUIRE(printed("\xEF\xBB\xBF<?xml version='1.0'?><!DOCTYPE a><p:a b=\"'\" c='&quot;'> x <b/>y<!-- -->z"
                  "<![CDATA[<&]]><c>\r\n</c> </p:a><?end?>") ==
          "<p:a b=\"&apos;\" c=\"&quot;\"> x <b/>yz&lt;&amp;<c>\n</c> </p:a>");
  tinyxml2::XMLDocument made;
  REQUIRE(xml.decode(message("<list><item key='a'>5</item><item>\xC3\xA9</item></list>"), made).has_value());
  const tinyxml2::XMLElement* const item = made.RootElement()->FirstChildElement("item");
  REQUIRE(item->IntText() == 5);
  REQUIRE(std::string_view(item->Attribute("key")) == "a");
  REQUIRE(std::string_view(item->NextSiblingElement()->GetText()) == "\xC3\xA9");
}

TEST_CASE("decoding to a tinyxml2 document rejects malformed XML and enforces the limits") {
  REQUIRE(printed("<a>\n<b></a>") == "refused: expected the end tag of \"b\", found that of \"a\" at line 2");
  REQUIRE(printed("<a>&nbsp;</a>") == "refused: the reference \"&nbsp;\" stands for no character at line 1");
  REQUIRE(printed("<a/><b/>") == "refused: content after the root element at line 1");
  REQUIRE(printed("<a><b><c/></b></a>", xml.max_depth(2)) == "refused: nested deeper than 2 levels at line 1");
  REQUIRE(printed("<a><b/><c/></a>", xml.max_nodes(2)) ==
          "refused: more than 2 elements, attributes and texts at line 1");
  tinyxml2::XMLDocument made;
  const std::string_view document = "<a/>";
  const message binary(twinsocket::message_kind::binary, std::as_bytes(std::span(document.data(), document.size())));
  REQUIRE(xml.decode(binary, made).error() == errc::wrong_kind);
}

TEST_CASE("a tinyxml2 document may have 256 levels") {
  std::string document;
  for (int i = 0; i < 256; ++i) document += "<a>";
  for (int i = 0; i < 256; ++i) document += "</a>";
  tinyxml2::XMLDocument made;
  REQUIRE(xml.decode(message(document), made).has_value());
  std::size_t levels = 0;
  for (const tinyxml2::XMLElement* each = made.RootElement(); each; each = each->FirstChildElement()) ++levels;
  REQUIRE(levels == 256);
}
