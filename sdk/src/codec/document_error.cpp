#include "codec/document_error.hpp"

#include "codec/unicode.hpp"

namespace twinsocket::detail {

void document_error::prepend_member(std::string_view name) { leave(std::string(name)); }
void document_error::prepend_element(std::size_t index) { leave('[' + std::to_string(index) + ']'); }
void document_error::prepend_key(std::string_view key) { leave('[' + quote_for_error(key) + ']'); }

void document_error::leave(std::string step) {
  if (!path_.empty() && path_.front() != '[') step += '.';
  path_.insert(0, step);
}

error document_error::to_error(std::string_view position) const {
  std::string detail = path_;
  if (!detail.empty()) detail += ": ";
  detail += reason_;
  if (!position.empty()) detail.append(1, ' ').append(position);
  return {code_, std::move(detail)};
}

std::string quote_for_error(std::string_view text) {
  constexpr std::size_t longest = 40;
  constexpr std::string_view hex = "0123456789abcdef";
  std::string result = "\"";
  std::size_t at = 0;
  while (at < text.size()) {
    const character c = first_character(text.substr(at));
    if (at + c.size > longest) break;
    if (c.size == 0 || c.value < 0x20 || c.value == 0x7F) {
      const auto byte = static_cast<unsigned char>(text[at]);
      result.append("\\x").append(1, hex[byte >> 4]).append(1, hex[byte & 15]);
      at += 1;
    } else {
      result.append(text.substr(at, c.size));
      at += c.size;
    }
  }
  return result.append(at < text.size() ? "...\"" : "\"");
}

}  // namespace twinsocket::detail
