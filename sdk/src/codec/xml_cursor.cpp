#include "codec/xml_cursor.hpp"

#include <array>
#include <charconv>
#include <string>

namespace twinsocket::detail {

std::size_t xml_cursor::line_of(std::size_t offset) {
  for (; counted_ < offset; ++counted_) {
    const bool ends_pair = text_[counted_] == '\n' && counted_ != 0 && text_[counted_ - 1] == '\r';
    line_ += (text_[counted_] == '\n' && !ends_pair) || text_[counted_] == '\r';
  }
  return line_;
}

void xml_cursor::take_name_beyond_ascii(std::size_t start) {
  while (is_beyond_ascii()) {
    const character c = first_character(rest());
    if (!c.size || !(at_ == start ? starts_xml_name(c.value) : continues_xml_name(c.value))) return;
    at_ += c.size;
    take_all(continues_name);
  }
}

void xml_cursor::take_run_beyond_ascii() {
  while (is_beyond_ascii()) {
    const character c = first_character(rest());
    if (!c.size || !is_xml_character(c.value)) return;
    at_ += c.size;
    take_all(is_plain);
  }
}

bool xml_cursor::take_character() {
  const character c = first_character(rest());
  if (c.size && is_xml_character(c.value)) {
    at_ += c.size;
    return true;
  }
  if (!c.size) return reject("a byte that is not UTF-8", errc::invalid_utf8);
  std::array<char, 8> hex{};
  std::to_chars(hex.data(), hex.data() + hex.size(), static_cast<std::uint32_t>(c.value), 16);
  return reject("the character U+" + std::string(hex.data()) + " is not allowed in XML");
}

bool xml_cursor::take_until(std::string_view end, std::string_view what) {
  while (!at_end()) {
    if (take(end)) return true;
    if (!take_character()) return false;
  }
  return reject(std::string(what) + " has no end");
}

bool xml_cursor::reject(std::string_view reason, errc code) {
  error_ = document_error(code, std::string(reason));
  return false;
}

bool xml_cursor::reject_at(std::string_view before, std::string_view quoted, std::string_view after) {
  return reject(std::string(before).append(quote_for_error(quoted)).append(after));
}

}  // namespace twinsocket::detail
