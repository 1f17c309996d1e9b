#pragma once

// What scan_xml has understood, written anew for tinyxml2.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "codec/xml_scan.hpp"

namespace twinsocket::detail {

class tinyxml_writer {
 public:
  tinyxml_writer(scanned_xml& made, std::size_t document_size);

  void start_element(std::string_view name, std::size_t line);
  void start_attribute(std::string_view name);
  void end_attribute();
  void end_element();

  /// True when the next character is the first of a text.
  [[nodiscard]] bool starts_text() const noexcept { return starts_text_; }
  /// Adds a character of a text or of the value of an attribute so that tinyxml2 gives it back as it is; where it is
  /// written as it stands, `raw` is that.
  void put(std::string_view raw, char32_t value);
  /// Adds characters that stand for themselves; the first of a text is no space.
  void put_run(std::string_view text) {
    if (starts_text_) start_text();
    out_->append(text);
  }

  [[nodiscard]] std::size_t depth() const noexcept { return open_.size(); }
  /// The name of the innermost element that is open.
  [[nodiscard]] std::string_view name() const noexcept { return open_.back().name; }

 private:
  struct open_element {
    std::string_view name;
    std::size_t piece;
  };
  // What is in the innermost element so far: its tag is not closed before that is known.
  enum class content { none, text, elements };

  void open_piece();
  void close_tag();
  void start_text();

  scanned_xml& made_;
  std::vector<open_element> open_;
  std::string* out_ = nullptr;  // The text of the piece that is written.
  std::size_t document_size_;
  std::size_t text_at_ = 0;  // Where the only text begins.
  content content_ = content::elements;
  bool starts_text_ = false;
};

}  // namespace twinsocket::detail
