#pragma once

// The tokenizer for JSON (RFC 8259). The document is in memory as a whole.

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "byte_order.hpp"
#include "codec/number.hpp"
#include "protocol/simd.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class json_tokens {
 public:
  explicit json_tokens(std::string_view document)
      : first_(document.data()), at_(first_), end_(first_ + document.size()), token_(first_) {}

  /// Moves to the next token and returns its first character; U+0000 at the end.
  char next() noexcept {
    if (static_cast<unsigned char>(peek()) <= ' ') skip_space();
    token_ = at_;
    return peek();
  }
  [[nodiscard]] char peek() const noexcept { return at_ != end_ ? *at_ : '\0'; }
  /// Skips a token of one character.
  void skip() noexcept { ++at_; }
  /// Skips the name of a member and the colon, if the document has exactly this name, without escapes, and no white space
  /// before the colon. `head` is its member_shape::json_head.
  bool skip_name(std::string_view name, std::uint64_t head) noexcept {
    const std::size_t size = name.size();
    if (head == 0 || static_cast<std::size_t>(end_ - at_) < size + 11) return false;
    if (at_[size + 1] != '"' || at_[size + 2] != ':') return false;
    const std::uint64_t differences =
        lowest_byte_first(load_word<std::uint64_t>(reinterpret_cast<const std::byte*>(at_ + 1))) ^ head;
    if (size < 8 ? differences << (64 - 8 * size) != 0
                 : differences != 0 || std::memcmp(at_ + 9, name.data() + 8, size - 8) != 0)
      return false;
    at_ += size + 3;
    return true;
  }

  // These read a whole token. They return false if it is malformed; code() and reason() then describe the error.
  bool literal(std::string_view wanted);
  bool number(number_parts& value);
  /// The text is valid until the next string is read.
  bool string(std::string_view& value) {
    const char* const from = at_ + 1;
    bool is_ascii = true;
    const char* const end = skip_plain(from, end_, is_ascii);
    if (end == end_ || *end != '"' || !is_ascii) return finish_string(end, is_ascii, value);
    value = {from, static_cast<std::size_t>(end - from)};
    at_ = end + 1;
    return true;
  }

  /// Rejects the next token because `what` was expected. Always returns false.
  bool expected(std::string_view what);

  [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }
  /// The position of the token, or of the error in it.
  [[nodiscard]] std::size_t position() const noexcept { return static_cast<std::size_t>(token_ - first_); }
  [[nodiscard]] errc code() const noexcept { return code_; }
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

 private:
  static bool is_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

  // The end of the characters that stand for themselves in a string. Clears `is_ascii` if one of them is not ASCII.
  static const char* skip_plain(const char* at, const char* end, bool& is_ascii) noexcept {
    while (end - at >= 16) {
      const plain_json plain = block::load(reinterpret_cast<const std::byte*>(at)).plain_json_prefix();
      is_ascii &= plain.is_ascii;
      at += plain.size;
      if (plain.size != 16) return at;
    }
    for (; at != end && is_plain(*at); ++at) is_ascii &= static_cast<unsigned char>(*at) < 0x80;
    return at;
  }
  static bool is_plain(char c) noexcept { return c != '"' && c != '\\' && static_cast<unsigned char>(c) >= 0x20; }

  void skip_space() noexcept;
  bool finish_string(const char* at, bool is_ascii, std::string_view& value);
  bool reject(const char* position, errc code, std::string reason);
  bool reject_utf8(const char* from);
  [[nodiscard]] std::string found() const;
  bool unescape(const char* from, const char* end);
  bool escape(const char*& at, const char* end);
  bool code_units(const char*& at, const char* end, char32_t& value);

  const char* first_;
  const char* at_;
  const char* end_;
  const char* token_;
  std::string unescaped_;
  errc code_ = errc::ok;
  std::string reason_;
};

}  // namespace twinsocket::detail
