#include "codec/xml_scan.hpp"

#include "allocations.hpp"
#include "codec_helpers.hpp"
#include "messages.hpp"
#include "twinsocket/xml.hpp"

using messages::article;
using messages::person;
using twinsocket::errc;
using twinsocket::xml;
using twinsocket::detail::xml_event;
using twinsocket::detail::xml_scanner;

namespace {

// The tags of a document: <name @attribute=value> and </name text>, with the text between them in brackets.
std::string tags(std::string_view document) {
  xml_scanner scanner(document, {.depth = 256, .nodes = 1000});
  std::string seen;
  for (;;) {
    const xml_event event = scanner.next();
    if (event == xml_event::end) return seen;
    if (event == xml_event::error) return seen + "error: " + scanner.why().detail();
    if (!scanner.text_before().empty()) seen.append("[").append(scanner.text_before()).append("]");
    if (event == xml_event::start_tag) {
      seen.append("<").append(scanner.name());
      for (const auto& each : scanner.attributes())
        seen.append(" @").append(each.name).append("=").append(each.value.get());
    } else {
      seen.append("</").append(scanner.name());
      if (!scanner.text().empty()) seen.append(" ").append(scanner.text());
    }
    seen.append(">");
  }
}

std::string text_in(std::string_view inner) {
  const auto value = read<article>(xml, "<Article>" + std::string(inner) + "</Article>");
  return value ? value->text : "refused: " + value.error().detail();
}

}  // namespace

TEST_CASE("xml_scanner returns the tags in document order with the text before each") {
  REQUIRE(tags("<a/>") == "<a></a>");
  REQUIRE(tags("<a>x</a>") == "<a>[x]</a x>");
  REQUIRE(tags("<?xml version='1.0'?><!-- --><p:a b='1' c=\"&lt;\" > x<b/>y<c>z</c></p:a ><!-- -->") ==
          "<p:a @b=1 @c=<>[ x]<b></b>[y]<c>[z]</c z></p:a  xy>");
  REQUIRE(tags("<a>1<b>2<c>3</c>4</b>5<b>6</b></a>") == "<a>[1]<b>[2]<c>[3]</c 3>[4]</b 24>[5]<b>[6]</b 6></a 15>");
  REQUIRE(tags("<a><b/></a") == "<a><b></b>error: expected \">\" at the end of the end tag of \"a\" at line 1");
}

TEST_CASE("text is the same with references, CDATA, comments and any line ends") {
  const std::string wanted = "a\n<&]]>\xC3\xA9\n b";
  for (const std::string line_end : {"\n", "\r\n", "\r", "&#10;"})
    for (const std::string_view nothing : {"", "<!---->", "<!-- < & ]]> -->", "<?p?>", "<?p <a> ?>", "<![CDATA[]]>"}) {
      const std::string no(nothing);
      REQUIRE(text_in(no + "a" + no + line_end + no + "&lt;" + no + "<![CDATA[&]]>" + no + "]" + no + "]" + no +
                      "&gt;" + no + "\xC3\xA9" + no + line_end + no + " " + no + "b" + no) == wanted);
      REQUIRE(text_in("a" + no + "<x>-</x>" + line_end + "&#x3c;&#38;" + no + "<x/><![CDATA[]]]]>" + no +
                      "<![CDATA[>]]>&#233;" + line_end + no + "<x><x/>-</x> b") == wanted);
    }
  // CR LF is one line end only if no markup is between them.
  REQUIRE(text_in("a\r<!-- -->\nb") == "a\n\nb");
  REQUIRE(text_in("a\r&#10;b") == "a\n\nb");
  REQUIRE(text_in("a\r<![CDATA[\n]]>b") == "a\n\nb");
  REQUIRE(text_in("&#13;&#10;") == "\r\n");
}

TEST_CASE("markup within a reference, a tag or a CDATA end marker breaks it up") {
  REQUIRE(text_in("]]<!-- -->>") == "]]>");
  REQUIRE(text_in("]]<![CDATA[>]]>") == "]]>");
  REQUIRE(text_in("]]]]") == "]]]]");
  REQUIRE(text_in("]]]>") == "refused: \"]]>\" within text at line 1");
  REQUIRE(text_in("&am<!-- -->p;") == "refused: the reference \"&am\" stands for no character at line 1");
  REQUIRE(text_in("&amp<![CDATA[;]]>") == "refused: the reference \"&amp\" stands for no character at line 1");
  REQUIRE(text_in("&#<!-- -->65;") == "refused: the reference \"&#\" stands for no character at line 1");
  REQUIRE(text_in("<x<!-- -->/>") == "refused: expected a space before an attribute at line 1");
}

TEST_CASE("a tag keeps 128 attribute values") {
  std::string document = "<a";
  std::string expected = "<a";
  for (int i = 0; i < 128; ++i) {
    const std::string number = std::to_string(i);
    document.append(" n")
        .append(number)
        .append(i % 2 ? "='&lt;" : "=\"'")
        .append(number)
        .append(i % 2 ? "\r'" : "]]>\"");
    expected.append(" @n").append(number).append(i % 2 ? "=<" : "='").append(number).append(i % 2 ? "\n" : "]]>");
  }
  REQUIRE(tags(document + "><b c='&amp;' d='x'/></a>") == expected + "><b @c=& @d=x></b></a>");
  REQUIRE(*read<article>(xml, "<Article Lang='a' Id='5'/>") == *read<article>(xml, "<Article Id='5' Lang='a'/>"));
}

TEST_CASE("a malformed document is reported as malformed even after an invalid value") {
  const std::string wrong = "<Person>\n<Name/><Name/>";
  REQUIRE(decode_error<person>(xml, wrong + "</Person>") == "the element \"Name\" occurs twice at line 2");
  REQUIRE(decode_error<person>(xml, wrong + "\n</Human>") ==
          "expected the end tag of \"Person\", found that of \"Human\" at line 3");
  REQUIRE(decode_error<person>(xml, wrong + "</Person>\n<!-- ") == "a comment has no end at line 3");
  REQUIRE(decode_error<person>(xml, "<Human><a></b></Human>") ==
          "expected the end tag of \"a\", found that of \"b\" at line 1");
  REQUIRE(decode_error_code<person>(xml.max_nodes(4), "<Human><a/><a/><a/><a/></Human>") == errc::message_too_big);
}

TEST_CASE("the first of several invalid values is reported") {
  REQUIRE(decode_error<person>(xml, "<Person>\n<Name/><Emails/><Name/>\n<Name/></Person>") ==
          "the element \"Name\" occurs twice at line 2");
  REQUIRE(decode_error<article>(xml, "<Article Id='x' Lang='' p:Lang=''/>").starts_with("Id: expected an integer"));
}

TEST_CASE("decoding a million elements uses constant memory and copies each text once") {
  constexpr std::size_t count = 1'000'000;
  const auto codec = xml.max_nodes(5 * count);
  struct usage {
    std::size_t allocations, copied;
  };
  const auto decode = [&](const std::string& document, std::size_t text_size) {
    const twinsocket::message received(document);
    const usage before{allocations(), copied_bytes()};
    const auto value = codec.decode<article>(received);
    const usage used{allocations() - before.allocations, copied_bytes() - before.copied};
    REQUIRE(value.has_value());
    REQUIRE(value->text.size() == text_size);
    return used;
  };
  std::string siblings;
  std::string mixed;
  std::string references;
  for (std::size_t i = 0; i < count; ++i) {
    siblings += "<x/>";
    mixed += "text<x y='&lt;'>z</x>";
    references += "&amp;";
  }
  const usage of_siblings = decode("<Article>" + siblings + "</Article>", 0);
  REQUIRE(of_siblings.allocations < 20);
  REQUIRE(of_siblings.copied < 10'000);
  // A text that grows is copied whenever its memory doubles, and at the end. Standard libraries differ in how often. Without
  // optimization clang also calls memcpy() for small structs.
#if defined(__OPTIMIZE__)
  constexpr std::size_t most = 10;
#else
  constexpr std::size_t most = 150;
#endif
  for (const auto& [document, size] : {std::pair(&mixed, 4 * count), std::pair(&references, count)}) {
    const usage used = decode("<Article>" + *document + "</Article>", size);
    REQUIRE(used.allocations < 60);
    REQUIRE(used.copied < most * size);
  }
}

TEST_CASE("text at each level of a nested document belongs to its element") {
  std::string document;
  std::string expected;
  for (int i = 0; i < 200; ++i) {
    document += "<a>" + std::to_string(i);
    if (i) expected.append("[").append(std::to_string(i - 1)).append("]");
    expected += "<a>";
  }
  expected += "[199]";
  for (int i = 199; i >= 0; --i) {
    document += i ? "</a>-" : "</a>";
    expected.append("</a ").append(std::to_string(i)).append(i == 199 ? ">" : "->").append(i ? "[-]" : "");
  }
  REQUIRE(tags(document) == expected);
}
