#include "codec/json_text.hpp"

#include "codec/unicode.hpp"

namespace twinsocket::detail {

namespace {

void write_escape(output_buffer& out, unsigned char c) {
  constexpr std::string_view hex = "0123456789abcdef";
  switch (c) {
    case '"': return out.put("\\\"");
    case '\\': return out.put("\\\\");
    case '\b': return out.put("\\b");
    case '\f': return out.put("\\f");
    case '\n': return out.put("\\n");
    case '\r': return out.put("\\r");
    case '\t': return out.put("\\t");
    default:
      out.put("\\u00");
      out.put(hex[c >> 4]);
      out.put(hex[c & 15]);
  }
}

}  // namespace

bool write_json_string(output_buffer& out, std::string_view text) {
  out.put('"');
  // Characters that need no escape are copied in runs.
  std::size_t start = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto c = static_cast<unsigned char>(text[at]);
    if (c >= 0x80) {
      const std::size_t size = first_character(text.substr(at)).size;
      if (!size) return false;
      at += size;
    } else if (c < 0x20 || c == '"' || c == '\\') {
      out.put(text.substr(start, at - start));
      write_escape(out, c);
      start = ++at;
    } else {
      ++at;
    }
  }
  out.put(text.substr(start));
  out.put('"');
  return true;
}

}  // namespace twinsocket::detail
