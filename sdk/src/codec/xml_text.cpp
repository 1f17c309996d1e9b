#include "codec/xml_text.hpp"

#include <algorithm>

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
    default: return c.size && is_xml_character(c.value) ? std::string_view() : "\xEF\xBF\xBD";
  }
}

}  // namespace

void write_xml_text(output& out, std::string_view text) {
  // What needs no escape is copied in runs.
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const character c = first_character(text.substr(at));
    const std::string_view escape = escape_of(c);
    const std::size_t size = std::max<std::size_t>(c.size, 1);
    if (!escape.empty()) {
      out.put(text.substr(start, at - start));
      out.put(escape);
      start = at + size;
    }
    at += size;
  }
  out.put(text.substr(start));
}

}  // namespace twinsocket::detail
