#include "codec/xml_text.hpp"

#include <string>

#include "codec/document_error.hpp"
#include "codec/unicode.hpp"

namespace twinsocket::detail {

namespace {

std::string_view escape_of(character c) {
  switch (c.value) {
    case '"': return "&#34;";
    case '\'': return "&#39;";
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '\t': return "&#x9;";
    case '\n': return "&#xA;";
    case '\r': return "&#xD;";
    default: return {};
  }
}

bool is_allowed(character c) { return c.size != 0 && is_xml_character(c.value); }

}  // namespace

bool write_xml_text(output_buffer& out, std::string_view text) {
  // Characters that need no escape are copied in runs.
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const character c = first_character(text.substr(at));
    if (!is_allowed(c)) return false;
    const std::string_view escape = escape_of(c);
    if (!escape.empty()) {
      out.put(text.substr(start, at - start));
      out.put(escape);
      start = at + c.size;
    }
    at += c.size;
  }
  out.put(text.substr(start));
  return true;
}

error xml_text_flaw(std::string_view text) {
  std::size_t number = 1;
  character c{};
  for (std::string_view rest = text; !rest.empty(); rest.remove_prefix(c.size), ++number) {
    c = first_character(rest);
    if (c.size == 0) break;
    if (is_xml_character(c.value)) continue;
    // All of these have at most four digits.
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string name = "U+";
    for (int shift = 12; shift >= 0; shift -= 4) name += digits[c.value >> shift & 15];
    return {errc::invalid_argument, "XML does not allow " + name + ", which is character " + std::to_string(number)};
  }
  return {errc::invalid_utf8, quote_for_error(text) + " is not UTF-8"};
}

}  // namespace twinsocket::detail
