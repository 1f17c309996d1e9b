#pragma once

// Reads the characters, names and lines of an XML document from start to end.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "codec/document_error.hpp"

namespace twinsocket::detail {

class xml_cursor {
 public:
  explicit xml_cursor(std::string_view document) : text_(document) {}

  [[nodiscard]] const document_error& why() const { return error_; }
  /// The line of the current position. A line end is CR LF, CR or LF (section 2.11).
  [[nodiscard]] std::size_t line();

 protected:
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char here() const { return at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  [[nodiscard]] std::string_view since(std::size_t start) const { return text_.substr(start, at_ - start); }

  // The take functions return false and do not move if the expected input is not there.
  bool take(std::string_view wanted) {
    if (!rest().starts_with(wanted)) return false;
    at_ += wanted.size();
    return true;
  }
  bool take(char wanted) {
    if (here() != wanted) return false;
    ++at_;
    return true;
  }
  bool take_space() {
    const std::size_t before = at_;
    while (!at_end() && is_space(text_[at_])) ++at_;
    return at_ != before;
  }
  /// A name. Empty if there is none.
  std::string_view take_name();
  /// Characters that XML permits and that are ordinary in a text and in an attribute value.
  bool take_run();
  /// One character that XML permits. Any other one is an error.
  bool take_character();
  /// Everything up to and including `end`. It is an error if `end` does not follow.
  bool take_until(std::string_view end, std::string_view what);

  bool reject(std::string reason, errc code = errc::malformed) {
    error_ = document_error(code, std::move(reason));
    return false;
  }

  std::string_view text_;
  std::size_t at_ = 0;

 private:
  document_error error_;
  std::size_t line_ = 1;
  std::size_t next_feed_ = text_.find('\n');
  std::size_t next_return_ = text_.find('\r');
};

}  // namespace twinsocket::detail
