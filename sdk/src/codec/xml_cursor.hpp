#pragma once

// Reads the characters, names and lines of an XML document from start to end.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "codec/document_error.hpp"
#include "codec/unicode.hpp"

namespace twinsocket::detail {

/// Classes of ASCII characters, for a fast path.
enum xml_class : std::uint8_t {
  starts_name = 1,
  continues_name = 2,
  is_plain = 4,  ///< Stands for itself in a text and in an attribute value.
};

inline constexpr std::array<std::uint8_t, 256> xml_classes = [] {
  std::array<std::uint8_t, 256> made{};
  for (std::uint8_t c = 0; c < 128; ++c) {
    const bool is_printable = c >= 0x20 || c == '\t' || c == '\n';
    const bool is_markup = c == '<' || c == '&' || c == '"' || c == '\'' || c == ']';
    made[c] = static_cast<std::uint8_t>((starts_xml_name(c) ? starts_name : 0) |
                                        (continues_xml_name(c) ? continues_name : 0) |
                                        (is_printable && !is_markup ? is_plain : 0));
  }
  return made;
}();

class xml_cursor {
 public:
  explicit xml_cursor(std::string_view document) : text_(document) {}

  /// The line of an offset, counted from 1. A line end is CR LF, CR or LF (section 2.11). The offsets of consecutive calls
  /// must not decrease.
  [[nodiscard]] std::size_t line_of(std::size_t offset);

 protected:
  static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char here() const { return at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] std::string_view rest() const { return {text_.data() + at_, text_.size() - at_}; }
  [[nodiscard]] std::string_view since(std::size_t start) const { return {text_.data() + start, at_ - start}; }

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
  std::string_view take_name() {
    const std::size_t start = at_;
    if (is(starts_name)) take_all(continues_name);
    if (is_beyond_ascii()) take_name_beyond_ascii(start);
    return since(start);
  }
  /// Characters that XML permits and that stand for themselves in a text and in an attribute value.
  bool take_run() {
    const std::size_t start = at_;
    take_all(is_plain);
    if (is_beyond_ascii()) take_run_beyond_ascii();
    return at_ != start;
  }
  /// One character that XML permits. Any other one is an error. Not at the end of the text.
  bool take_character();
  /// Everything up to and including `end`. It is an error if `end` does not follow.
  bool take_until(std::string_view end, std::string_view what);

  // These return false. The reason may contain a part of the document, in quotes.
  [[gnu::noinline]] bool reject(std::string_view reason, errc code = errc::malformed);
  [[gnu::noinline]] bool reject_at(std::string_view before, std::string_view quoted, std::string_view after = {});
  [[nodiscard]] error to_error() { return error_.to_error("at line " + std::to_string(line_of(at_))); }

  std::string_view text_;
  std::size_t at_ = 0;

 private:
  [[nodiscard]] bool is(xml_class wanted) const {
    return (xml_classes[static_cast<unsigned char>(here())] & wanted) != 0;
  }
  [[nodiscard]] bool is_beyond_ascii() const { return static_cast<unsigned char>(here()) >= 0x80; }
  void take_all(xml_class wanted) {
    std::size_t at = at_;
    while (at != text_.size() && (xml_classes[static_cast<unsigned char>(text_[at])] & wanted) != 0) ++at;
    at_ = at;
  }
  void take_name_beyond_ascii(std::size_t start);
  void take_run_beyond_ascii();

  document_error error_;
  std::size_t line_ = 1;
  std::size_t counted_ = 0;  // The line ends before this offset are in line_.
};

}  // namespace twinsocket::detail
