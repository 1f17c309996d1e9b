#include "codec/xml_cursor.hpp"

#include <array>
#include <charconv>
#include <cstdint>

#include "codec/unicode.hpp"

namespace twinsocket::detail {

namespace {

// Classes of ASCII characters, for a fast path.
enum kind : std::uint8_t {
  name_start = 1,
  name = 2,
  data = 4,  // Ordinary in a text and in an attribute value.
};

constexpr std::array<std::uint8_t, 128> kinds = [] {
  std::array<std::uint8_t, 128> made{};
  for (std::uint8_t c = 0; c < made.size(); ++c) {
    const bool stands_for_itself = c >= 0x20 && c != '<' && c != '>' && c != '&' && c != '"' && c != '\'' && c != ']';
    made[c] = static_cast<std::uint8_t>((starts_xml_name(c) ? name_start : 0) | (continues_xml_name(c) ? name : 0) |
                                        (stands_for_itself ? data : 0));
  }
  return made;
}();

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= kinds.size(); }
bool is(kind wanted, char c) { return !is_beyond_ascii(c) && (kinds[static_cast<unsigned char>(c)] & wanted) != 0; }

// The end of a run of characters of a class.
std::size_t end_of(kind wanted, std::string_view text, std::size_t at) {
  while (at != text.size() && is(wanted, text[at])) ++at;
  return at;
}

}  // namespace

std::size_t xml_cursor::line() {
  while (next_feed_ < at_ || next_return_ < at_) {
    const bool is_pair = next_return_ + 1 == next_feed_;
    if (next_return_ < next_feed_) {
      line_ += !is_pair;
      next_return_ = text_.find('\r', next_return_ + 1);
    } else {
      ++line_;
      next_feed_ = text_.find('\n', next_feed_ + 1);
    }
  }
  return line_;
}

std::string_view xml_cursor::take_name() {
  const std::size_t start = at_;
  if (is(name_start, here())) at_ = end_of(name, text_, at_);
  while (is_beyond_ascii(here())) {
    const character c = first_character(rest());
    if (!c.size || !(at_ == start ? starts_xml_name(c.value) : continues_xml_name(c.value))) break;
    at_ = end_of(name, text_, at_ + c.size);
  }
  return since(start);
}

bool xml_cursor::take_run() {
  const std::size_t start = at_;
  at_ = end_of(data, text_, at_);
  while (is_beyond_ascii(here())) {
    const character c = first_character(rest());
    if (!c.size || !is_xml_character(c.value)) break;
    at_ = end_of(data, text_, at_ + c.size);
  }
  return at_ != start;
}

bool xml_cursor::take_character() {
  const character c = at_end() ? character() : first_character(rest());
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

}  // namespace twinsocket::detail
