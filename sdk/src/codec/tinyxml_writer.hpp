#pragma once

// Writes the document that scan_xml has parsed in a form that is safe for tinyxml2.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "codec/xml_scan.hpp"

namespace twinsocket::detail {

class tinyxml_writer {
 public:
  tinyxml_writer(normalized_xml& made, std::size_t document_size);

  void start_element(std::string_view name, std::size_t line);
  void start_attribute(std::string_view name);
  void end_attribute();
  void end_element();

  /// True if the next character is the first of a text.
  [[nodiscard]] bool starts_text() const noexcept { return starts_text_; }
  /// Appends a character of a text or attribute value, escaped so that tinyxml2 restores it. `raw` is its unescaped form.
  void put(std::string_view raw, char32_t value);
  /// Appends characters that need no escape. The first character of a text must not be white space.
  void put_run(std::string_view text) {
    if (starts_text_) start_text();
    out_->append(text);
  }

  [[nodiscard]] std::size_t depth() const noexcept { return open_.size(); }
  /// The name of the innermost open element.
  [[nodiscard]] std::string_view name() const noexcept { return open_.back().name; }

 private:
  struct open_element {
    std::string_view name;
    std::size_t piece;
  };
  // The content of the innermost element so far. Its start tag stays open until this is known.
  enum class content { none, text, elements };

  void open_piece();
  void close_tag();
  void start_text();

  normalized_xml& made_;
  std::vector<open_element> open_;
  std::string* out_ = nullptr;  // The text of the current piece.
  std::size_t document_size_;
  std::size_t text_at_ = 0;  // Where the only text begins.
  content content_ = content::elements;
  bool starts_text_ = false;
};

}  // namespace twinsocket::detail
