#include "codec/unicode.hpp"

#include <string>
#include <vector>

#include "test.hpp"
#include "protocol/utf8.hpp"

using namespace twinsocket::detail;

namespace {

struct range {
  char32_t first, last;
};

bool is_in(const std::vector<range>& ranges, char32_t c) {
  for (const range& each : ranges)
    if (c >= each.first && c <= each.last) return true;
  return false;
}

// Section 2.3 of XML 1.0: NameStartChar, what NameChar adds to it, and Char of section 2.2.
const std::vector<range> name_start{{':', ':'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
                                    {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x2FF},    {0x370, 0x37D},
                                    {0x37F, 0x1FFF},  {0x200C, 0x200D}, {0x2070, 0x218F}, {0x2C00, 0x2FEF},
                                    {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF}};
const std::vector<range> name_more{{'-', '-'}, {'.', '.'}, {'0', '9'}, {0xB7, 0xB7}, {0x300, 0x36F}, {0x203F, 0x2040}};
const std::vector<range> xml_characters{{0x9, 0xA}, {0xD, 0xD}, {0x20, 0xD7FF}, {0xE000, 0xFFFD}, {0x10000, 0x10FFFF}};

constexpr char32_t beyond = 0x110100;

}  // namespace

TEST_CASE("the characters of XML and of its names are those of the productions in XML 1.0") {
  std::vector<char32_t> wrong;
  for (char32_t c = 0; c < beyond; ++c) {
    const bool starts = is_in(name_start, c);
    if (starts_xml_name(c) != starts || continues_xml_name(c) != (starts || is_in(name_more, c)) ||
        is_xml_character(c) != is_in(xml_characters, c))
      wrong.push_back(c);
  }
  CHECK(wrong.empty());
}

TEST_CASE("every character is encoded in UTF-8 and decoded to itself") {
  std::vector<char32_t> wrong;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    std::string text = "x";
    append_character(text, c);
    const std::string_view encoded = std::string_view(text).substr(1);
    const character again = first_character(encoded);
    if (!is_valid_utf8(encoded) || again.value != c || again.size != encoded.size()) wrong.push_back(c);
  }
  CHECK(wrong.empty());
}

TEST_CASE("bytes that are not UTF-8 have no first character") {
  const std::vector<std::string> all{"\x80",
                                     "\xBFz",
                                     "\xC1\xBF",  // A longer form than necessary.
                                     "\xC2",
                                     "\xC2z",
                                     "\xE0\x9F\xBF",  // The same.
                                     "\xED\xA0\x80",  // A surrogate.
                                     "\xED\xBF\xBF",
                                     "\xE2\x82",
                                     "\xE2z\x80",
                                     "\xE2\x82z",
                                     "\xF0\x8F\xBF\xBF",
                                     "\xF4\x90\x80\x80",  // Beyond U+10FFFF.
                                     "\xF1\x80\x80",
                                     "\xF1z\x80\x80",
                                     "\xF1\x80z\x80",
                                     "\xF1\x80\x80z",
                                     "\xF5\x80\x80\x80",
                                     "\xFF"};
  for (const std::string& each : all) {
    CAPTURE(each);
    CHECK(first_character(each).size == 0);
  }
}
