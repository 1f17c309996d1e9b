#include "codec_helpers.hpp"
#include "messages.hpp"
#include "twinsocket/xml.hpp"

using messages::article;
using messages::person;
using twinsocket::errc;
using twinsocket::xml;

namespace {

std::string refused(std::string_view document) { return decode_error<person>(xml, document); }
std::string in_name(std::string_view inner) {
  return refused("<Person><Name>" + std::string(inner) + "</Name></Person>");
}

}  // namespace

TEST_CASE("a document must have exactly one root element") {
  REQUIRE(refused("") == "the document has no root element at line 1");
  REQUIRE(refused(" \n<!-- -->") == "the document has no root element at line 2");
  REQUIRE(refused("<Person/><Person/>") == "content after the root element at line 1");
  REQUIRE(refused("<Person/>\nx") == "text after the root element at line 2");
  REQUIRE(refused("x<Person/>") == "text before the root element at line 1");
  REQUIRE(refused("<Person/><![CDATA[]]>") == "content after the root element at line 1");
  REQUIRE(refused("<Person/>&#32;") == "text after the root element at line 1");
  REQUIRE(refused("<Person/><!DOCTYPE a>") == "content after the root element at line 1");
  REQUIRE(refused("<!DOCTYPE a><!DOCTYPE a><Person/>") == "expected the name of an element after \"<\" at line 1");
  REQUIRE(refused("\xEF\xBB\xBF<Person/>") == "accepted");
}

TEST_CASE("the XML declaration must give version 1.0 and UTF-8") {
  REQUIRE(refused("<?xml version='1.0'?><Person/>") == "accepted");
  REQUIRE(refused("<?xml version=\"1.0\" encoding = 'Utf-8' ?>\n<Person/>") == "accepted");
  REQUIRE(refused("<?xml version=\"1.1\"?><Person/>") == "expected version 1.0 of XML at line 1");
  REQUIRE(refused("<?xml encoding=\"UTF-8\"?><Person/>") == "expected version 1.0 of XML at line 1");
  REQUIRE(refused("<?xml version=\"1.0\" encoding=\"latin1\"?><Person/>") ==
          "expected UTF-8, found the encoding \"latin1\" at line 1");
  REQUIRE(refused(" <?xml version=\"1.0\"?><Person/>") == "an XML declaration that is not at the start at line 1");
  REQUIRE(refused("<Person><?xml version=\"1.0\"?></Person>") ==
          "an XML declaration that is not at the start at line 1");
  REQUIRE(refused("<?xml version=\"1.0\"><Person/>") == "the XML declaration has no end at line 1");
}

TEST_CASE("end tags must match the last open start tag") {
  REQUIRE(refused("<Person><Name></Person>") == "expected the end tag of \"Name\", found that of \"Person\" at line 1");
  REQUIRE(refused("<Person>\n") == "expected the end tag of \"Person\", found the end of the document at line 2");
  REQUIRE(refused("</Person>") == "expected the name of an element after \"<\" at line 1");
  REQUIRE(refused("<Person></Person x>") == "expected \">\" at the end of the end tag of \"Person\" at line 1");
  REQUIRE(refused("<p:Person></Person>") == "expected the end tag of \"p:Person\", found that of \"Person\" at line 1");
  REQUIRE(refused("<Person></Person\n>") == "accepted");
  REQUIRE(refused("<Person/ >") == "expected \">\" at the end of the tag of \"Person\" at line 1");
  for (const std::string_view bad :
       {"<", "< Person/>", "<1/>", "<-a/>", "<Person", "<Person/", "<Person><", "<Person></", "<Person></Person"})
    REQUIRE(decode_error_code<person>(xml, bad) == errc::malformed);
  REQUIRE(refused("<Person><\xC3\x97/></Person>") == "expected the name of an element after \"<\" at line 1");
  REQUIRE(refused("<Person><\xC3\xA9t\xC3\xA9.1-_/></Person>") == "accepted");
}

TEST_CASE("attributes must have a name, a quoted value and preceding white space") {
  REQUIRE(refused("<Person a=1/>") == "expected the value of the attribute \"a\" in quotes at line 1");
  REQUIRE(refused("<Person a/>") == "expected \"=\" after the attribute \"a\" at line 1");
  REQUIRE(refused("<Person a='1'b='2'/>") == "expected a space before an attribute at line 1");
  REQUIRE(refused("<Person a='1' a='2'/>") == "the attribute \"a\" occurs twice at line 1");
  REQUIRE(refused("<Person a='<'/>") == "\"<\" within the value of an attribute at line 1");
  REQUIRE(refused("<Person a='x") == "the value of the attribute \"a\" has no end at line 1");
  REQUIRE(refused("<Person 1='x'/>") == "expected the name of an attribute at line 1");
  REQUIRE(refused("<Person a='&b;'/>") == "the reference \"&b;\" stands for no character at line 1");
}

TEST_CASE("references must denote characters that XML allows") {
  REQUIRE(in_name("&nbsp;") == "the reference \"&nbsp;\" stands for no character at line 1");
  for (const std::string_view bad :
       {"&", "& ", "&;", "&#;", "&#x;", "&#X41;", "&#65", "&amp", "&#0;", "&#1;", "&#xD800;", "&#xFFFE;", "&#x110000;",
        "&#99999999999999999999;", "&#-5;", "&#x-5;", "&lt ;", "&AMP;"}) {
    INFO(bad);
    REQUIRE(decode_error_code<person>(xml, "<Person><Name>" + std::string(bad) + "</Name></Person>") ==
            errc::malformed);
  }
  const std::string_view doctype = "<!DOCTYPE Person [<!ENTITY e \"x\">]>";
  REQUIRE(refused(std::string(doctype) + "<Person><Name>&e;</Name></Person>") ==
          "the reference \"&e;\" stands for no character at line 1");
}

TEST_CASE("characters that XML does not allow are rejected at every position") {
  REQUIRE(in_name("\x01") == "the character U+1 is not allowed in XML at line 1");
  REQUIRE(in_name("\n\n\x1B") == "the character U+1b is not allowed in XML at line 3");
  for (const std::string_view bad : {std::string_view("\0", 1), std::string_view("\x08"), std::string_view("\x1F"),
                                     std::string_view("\xEF\xBF\xBE")}) {
    const std::string c(bad);
    for (const std::string& document :
         {"<Person>" + c + "</Person>", "<Person a='" + c + "'/>", "<Person><!--" + c + "--></Person>",
          "<Person><![CDATA[" + c + "]]></Person>", "<Person><?a " + c + "?></Person>", "<!--" + c + "--><Person/>",
          "<!DOCTYPE " + c + "><Person/>", "<Person/>" + c, c + "<Person/>", "<Per" + c + "son/>", "<Person" + c + "/>",
          "<Person></Person" + c + ">"}) {
      REQUIRE(decode_error_code<person>(xml, document) == errc::malformed);
    }
  }
  for (const std::string_view bad : {"\xFF", "\xC0\x80", "\xED\xA0\x80", "\xE2\x82"})
    REQUIRE(decode_error_code<person>(xml, "<Person>" + std::string(bad) + "</Person>") == errc::invalid_utf8);
}

TEST_CASE("comments, CDATA sections, instructions and DOCTYPE must be terminated and valid") {
  REQUIRE(refused("<Person><!-- a -- b --></Person>") == "\"--\" within a comment at line 1");
  REQUIRE(refused("<Person><!-- a ---></Person>") == "\"--\" within a comment at line 1");
  REQUIRE(refused("<Person><!--") == "a comment has no end at line 1");
  REQUIRE(refused("<Person><![CDATA[ ]]") == "a CDATA section has no end at line 1");
  REQUIRE(refused("<Person><![cdata[]]></Person>") == "a declaration within the root element at line 1");
  REQUIRE(refused("<Person><!ELEMENT a></Person>") == "a declaration within the root element at line 1");
  REQUIRE(refused("<Person><?a") == "expected a space after the target of a processing instruction at line 1");
  REQUIRE(refused("<Person><?a ") == "a processing instruction has no end at line 1");
  REQUIRE(refused("<Person><? a?></Person>") == "a processing instruction without a target at line 1");
  REQUIRE(refused("<Person><!----><?a?><?a b?></Person>") == "accepted");
  REQUIRE(refused("<Person>]]></Person>") == "\"]]>\" within text at line 1");
  REQUIRE(in_name("]]&gt;]] >]]") == "accepted");
  REQUIRE(refused("<!DOCTYPE a [ <!ENTITY b '>'> ") == "the document type declaration has no end at line 1");
}

TEST_CASE("max_nodes() limits elements, attributes and texts, and a tag has at most 128 attributes") {
  const auto small = xml.max_nodes(4);
  REQUIRE(decode_error<person>(small, "<Person a='1'><Name>x</Name></Person>") == "accepted");
  REQUIRE(decode_error<person>(small, "<Person a='1'><Name>x</Name><b/></Person>") ==
          "more than 4 elements, attributes and texts at line 1");
  REQUIRE(decode_error_code<person>(small, "<Person a='1'><Name>x</Name> </Person>") == errc::message_too_big);
  std::string many = "<Person";
  for (int i = 0; i < 128; ++i) many += " a" + std::to_string(i) + "=''";
  REQUIRE(refused(many + "/>") == "accepted");
  REQUIRE(refused(many + " b=''/>") == "more than 128 attributes at line 1");
}

TEST_CASE("truncated XML documents are rejected") {
  const std::string document =
      "\xEF\xBB\xBF<?xml version=\"1.0\"?><!DOCTYPE a [<!-- -->]><!-- c --><?p i?><Person "
      "a=\"&lt;\xC3\xA9\"><Name><![CDATA[x]]>&#65;\r\n"
      "</Name><Emails/><Emails>]]</Emails></Person>";
  REQUIRE(refused(document) == "accepted");
  for (std::size_t size = 0; size < document.size(); ++size) {
    const auto cut = read<person>(xml, std::string_view(document).substr(0, size));
    REQUIRE(cut.has_error());
    REQUIRE((cut.error() == errc::malformed || cut.error() == errc::invalid_utf8));
  }
}

TEST_CASE("XML error messages are short for any document") {
  const std::string huge(100'000, 'x');
  for (const std::string& document :
       {"<" + huge + "/>", "<Person><" + huge + "></Person>", "<Person></" + huge + ">", "<Person a='&" + huge + ";'/>",
        "<Person " + huge + "/>", "<?xml version='1.0' encoding='" + huge + "'?>"})
    REQUIRE(refused(document).size() < 200);
}

TEST_CASE("an XML declaration or a DOCTYPE without an end is malformed") {
  REQUIRE(refused("<?xml") == "an XML declaration that is not at the start at line 1");
  REQUIRE(refused("<?xml version?><Person/>") == "expected version 1.0 of XML at line 1");
  REQUIRE(refused("<?xml version=1.0 ?><Person/>") == "expected version 1.0 of XML at line 1");
  REQUIRE(refused("<!DOCTYPE a \"b") == "a quoted text has no end at line 1");
  REQUIRE(refused("<!DOCTYPE a 'b") == "a quoted text has no end at line 1");
  REQUIRE(refused("<!DOCTYPE a <!-- b") == "a comment has no end at line 1");
}

TEST_CASE("attributes are separated by space, tab, CR or LF") {
  for (const std::string_view space : {" ", "\t", "\r", "\n", "\r\n \t"}) {
    const std::string between(space);
    CAPTURE(between);
    REQUIRE(refused("<Person" + between + "a" + between + "=" + between + "'1'" + between + "b='2'" + between +
                    "></Person" + between + ">") == "accepted");
  }
}

TEST_CASE("bytes that are not UTF-8 are rejected in names, attributes, comments and CDATA") {
  for (const std::string document : {"<Person><\xFF/></Person>", "<Person><a\xFF/></Person>", "<Person \xFF='1'/>",
                                     "<Person a\xFF='1'/>", "<Person></Person\xFF>"})
    REQUIRE(decode_error_code<person>(xml, document) == errc::malformed);
  for (const std::string document : {"<Person a='\xFF'/>", "<Person><!-- \xFF --></Person>",
                                     "<Person><![CDATA[\xC3]]></Person>", "<Person><?a \xE2\x82?></Person>"})
    REQUIRE(decode_error_code<person>(xml, document) == errc::invalid_utf8);
}

TEST_CASE("a name with a colon at its start or end, or with two, has no namespace prefix") {
  const auto strict = xml.disallow_unknown();
  REQUIRE(decode_error<person>(strict, "<Person><p:Name>a</p:Name></Person>") == "accepted");
  for (const std::string name : {":Name", "Name:", "a:b:Name", "a::Name"})
    REQUIRE(decode_error<person>(strict, "<Person><" + name + "/></Person>") ==
            "the element \"" + name + "\" is not known at line 1");
}

TEST_CASE("max_nodes() counts a CDATA section as a text") {
  REQUIRE(decode_error<person>(xml.max_nodes(3), "<Person><Name><![CDATA[x]]></Name></Person>") == "accepted");
  REQUIRE(decode_error<person>(xml.max_nodes(2), "<Person><Name><![CDATA[x]]></Name></Person>") ==
          "more than 2 elements, attributes and texts at line 1");
  REQUIRE(decode_error<person>(xml.max_nodes(1), "<Person a='1'/>") ==
          "more than 1 elements, attributes and texts at line 1");
}

TEST_CASE("a processing instruction whose name begins with xml may come first") {
  REQUIRE(refused("<?xml-stylesheet href='a'?><Person/>") == "accepted");
  REQUIRE(refused("<?xmlx?><Person/>") == "accepted");
}
