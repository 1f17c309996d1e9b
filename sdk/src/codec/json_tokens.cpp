#include "codec/json_tokens.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>

#include "codec/document_error.hpp"
#include "codec/unicode.hpp"
#include "protocol/utf8.hpp"

namespace twinsocket::detail {

namespace {

// Describes an unprintable byte.
std::string code_point(char c) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  const auto byte = static_cast<unsigned char>(c);
  return std::string("U+00") + hex[byte >> 4] + hex[byte & 15];
}

// The character that a reverse solidus and this letter stand for; U+0000 if there is none.
char meaning_of(char letter) {
  switch (letter) {
    case '"':
    case '\\':
    case '/': return letter;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return '\0';
  }
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

}  // namespace

bool json_tokens::reject(const char* position, errc code, std::string reason) {
  token_ = position;
  code_ = code;
  reason_ = std::move(reason);
  return false;
}

bool json_tokens::reject_utf8(const char* from) {
  while (const std::size_t size = first_character({from, static_cast<std::size_t>(end_ - from)}).size) from += size;
  return reject(from, errc::invalid_utf8, "a byte that is not UTF-8");
}

bool json_tokens::expected(std::string_view what) {
  return reject(at_, errc::malformed, "expected " + std::string(what) + ", found " + found());
}

std::string json_tokens::found() const {
  if (at_ == end_) return "the end of the document";
  const char c = *at_;
  if (c == '"') return "a string";
  if (c == '-' || (c >= '0' && c <= '9')) return "a number";
  if (static_cast<unsigned char>(c) < 0x20) return code_point(c);
  const char* const word = std::find_if_not(at_, end_, is_letter);
  if (word != at_) return quote_for_error({at_, static_cast<std::size_t>(word - at_)});
  const std::string_view rest(at_, static_cast<std::size_t>(end_ - at_));
  return quote_for_error(rest.substr(0, std::max<std::size_t>(first_character(rest).size, 1)));
}

// Section 3: literal names are in lower case.
bool json_tokens::literal(std::string_view wanted) {
  if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(wanted)) return expected("a value");
  at_ += wanted.size();
  return true;
}

// Section 6.
bool json_tokens::number(number_parts& value) {
  if (parse_json_number(at_, end_, value)) return true;
  if (at_ != end_ && *at_ >= '0' && *at_ <= '9') return reject(token_, errc::malformed, "a number with a leading zero");
  return expected("a digit");
}

void json_tokens::skip_space() noexcept {
  while (at_ != end_ && is_space(*at_)) ++at_;
}

// Section 7. Reads a string of which the characters before `at` are plain.
bool json_tokens::finish_string(const char* at, bool is_ascii, std::string_view& value) {
  const char* const from = at_ + 1;
  bool has_escapes = false;
  for (;; at = skip_plain(at, end_, is_ascii)) {
    if (at == end_) return reject(token_, errc::malformed, "an unterminated string");
    if (*at == '"') break;
    if (*at != '\\') return reject(at, errc::malformed, code_point(*at) + " in a string must be escaped");
    has_escapes = true;
    at += end_ - at > 1 ? 2 : 1;
  }
  at_ = at + 1;
  value = {from, static_cast<std::size_t>(at - from)};
  // Section 8.1.
  if (!is_ascii && !is_valid_utf8(value)) return reject_utf8(from);
  if (!has_escapes) return true;
  if (!unescape(from, at)) return false;
  value = unescaped_;
  return true;
}

bool json_tokens::unescape(const char* from, const char* end) {
  unescaped_.clear();
  for (;;) {
    const char* const plain = std::find(from, end, '\\');
    unescaped_.append(from, plain);
    if (plain == end) return true;
    from = plain + 1;
    if (escape(from, end)) continue;
    const auto size = static_cast<std::size_t>(std::min<std::ptrdiff_t>(end - plain, *from == 'u' ? 6 : 2));
    return reject(plain, errc::malformed, "the escape " + quote_for_error({plain, size}) + " stands for no character");
  }
}

// Reads an escape after its reverse solidus. If it is invalid, `at` is not moved.
bool json_tokens::escape(const char*& at, const char* end) {
  if (const char meant = meaning_of(*at); meant != '\0') {
    unescaped_.push_back(meant);
    ++at;
    return true;
  }
  char32_t value = 0;
  if (!code_units(at, end, value)) return false;
  append_character(unescaped_, value);
  return true;
}

// uXXXX, or a surrogate pair of two of them for a character above U+FFFF. A lone surrogate is invalid.
bool json_tokens::code_units(const char*& at, const char* end, char32_t& value) {
  const auto unit = [end](const char* from, char32_t& read) {
    std::uint32_t hex = 0;
    if (end - from < 5 || *from != 'u') return false;
    const bool done = std::from_chars(from + 1, from + 5, hex, 16).ptr == from + 5;
    read = hex;
    return done;
  };
  if (!unit(at, value) || (value >= 0xDC00 && value <= 0xDFFF)) return false;
  const char* after = at + 5;
  if (value >= 0xD800 && value <= 0xDBFF) {
    char32_t low = 0;
    if (after == end || *after != '\\' || !unit(after + 1, low) || low < 0xDC00 || low > 0xDFFF) return false;
    value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
    after += 6;
  }
  at = after;
  return true;
}

}  // namespace twinsocket::detail
