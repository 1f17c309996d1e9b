#pragma once

// The tokenizer for JSON (RFC 8259). The document is in memory as a whole.

#include <cstddef>
#include <string>
#include <string_view>

#include "codec/number.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class json_tokens {
 public:
  explicit json_tokens(std::string_view document)
      : first_(document.data()), at_(first_), end_(first_ + document.size()), token_(first_) {}

  /// Moves to the next token and returns its first character; U+0000 at the end.
  char next() noexcept {
    while (at_ != end_ && is_space(*at_)) ++at_;
    token_ = at_;
    return peek();
  }
  [[nodiscard]] char peek() const noexcept { return at_ != end_ ? *at_ : '\0'; }
  /// Skips a token of one character.
  void skip() noexcept { ++at_; }

  // These read a whole token. They return false if it is malformed; code() and reason() then describe the error.
  bool literal(std::string_view wanted);
  bool number(number_parts& value);
  /// The text is valid until the next string is read.
  bool string(std::string_view& value);

  /// Rejects the next token because `what` was expected. Always returns false.
  bool expected(std::string_view what);

  [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }
  /// The position of the token, or of the error in it.
  [[nodiscard]] std::size_t position() const noexcept { return static_cast<std::size_t>(token_ - first_); }
  [[nodiscard]] errc code() const noexcept { return code_; }
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }

 private:
  static bool is_space(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

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
