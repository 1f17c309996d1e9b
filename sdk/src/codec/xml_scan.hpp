#pragma once

// The XML parser: one pass over a document by the rules of XML 1.0, tag by tag, without recursion. Nothing else in the
// library parses XML. From its tags xml_reader.cpp fills described values, xml_document.cpp builds a
// tinyxml2::XMLDocument, and wasm's xml_bridge.cpp writes a tree for JavaScript. JSON has the same structure:
// json_scanner drives a typed_sink for described values, or a tree_sink that builds an nlohmann::json.
//
// tinyxml2's parser and checks of its tree could not take its place, because the tree no longer shows what the document
// was: &nbsp; is as &amp;nbsp;, ]]> as ]]&gt;, b='<' as b='&lt;'. What follows a NUL is lost, a part of an internal DTD
// subset becomes text, texts of white space are dropped, and 100 levels are rejected. That parser alone takes 2.5 to 3.5
// times as long as a whole typed decoding.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "codec/xml_cursor.hpp"

namespace twinsocket::detail {

struct xml_limits {
  std::size_t depth;
  std::size_t nodes;  ///< Elements, attributes and texts together.
};

/// A text or attribute value: a part of the document, or a copy if that contains references, line ends to be normalized,
/// or markup that is skipped.
class xml_value {
 public:
  [[nodiscard]] std::string_view get() const noexcept { return is_copy_ ? std::string_view(copy_) : part_; }
  void clear() noexcept {
    part_ = {};
    is_copy_ = false;
  }
  /// Appends a part of the document.
  void add(std::string_view part) {
    if (part_.empty() && !is_copy_)
      part_ = part;
    else if (!is_copy_ && part_.data() + part_.size() == part.data())
      part_ = {part_.data(), part_.size() + part.size()};
    else
      copy().append(part);
  }
  /// The copy, to which others are appended.
  std::string& copy() {
    if (!is_copy_) copy_.assign(part_);
    is_copy_ = true;
    return copy_;
  }

 private:
  std::string_view part_;
  std::string copy_;
  bool is_copy_ = false;
};

struct xml_attribute {
  std::string_view name;
  xml_value value;
};

enum class xml_event : std::uint8_t {
  start_tag,
  end_tag,  ///< Also follows the start tag of an empty element, <a/>.
  end,      ///< The end of a well-formed document.
  error,
};

class xml_scanner : private xml_cursor {
 public:
  xml_scanner(std::string_view document, xml_limits limits) : xml_cursor(document), limits_(limits) {}

  /// Reads the next tag. After xml_event::end and xml_event::error it must not be called again.
  [[nodiscard]] xml_event next() { return read() ? event_ : xml_event::error; }

  // About the last tag. The views are valid until the next call of next().

  /// The name of the element.
  [[nodiscard]] std::string_view name() const noexcept { return open_.back().name; }
  /// Of a start tag. No name occurs twice.
  [[nodiscard]] std::span<const xml_attribute> attributes() const noexcept {
    return {attributes_.data(), attribute_count_};
  }
  /// The value of an attribute of a start tag, or null.
  [[nodiscard]] const xml_value* find_attribute(std::string_view name) const noexcept;
  /// The text between the previous tag and this one.
  [[nodiscard]] std::string_view text_before() const noexcept { return between_tags_.get(); }
  /// Of an end tag: the text of the element, without that of its children.
  [[nodiscard]] std::string_view text() const noexcept { return element_text_; }
  /// The offset at which the start tag begins, for line_of().
  [[nodiscard]] std::size_t tag_start() const noexcept { return tag_start_; }

  using xml_cursor::line_of;
  /// After xml_event::error.
  [[nodiscard]] error why() { return to_error(); }

 private:
  struct open_element {
    std::string_view name;
    std::size_t texts;  // The size of texts_ before it.
  };

  bool read();
  [[nodiscard]] bool is_declaration() const;
  bool declaration();
  bool comment();
  bool instruction();
  bool document_type();
  bool scan_outside_root(bool before);
  bool count_node() {
    if (++nodes_ > limits_.nodes) return reject_nodes();
    return true;
  }
  bool count_text(bool& is_counted) { return is_counted || (is_counted = count_node()); }
  [[gnu::noinline]] bool reject_nodes();
  [[gnu::noinline]] bool reject_depth();
  bool content();
  bool section(bool& is_counted);
  bool start_tag();
  bool attributes_of_tag();
  bool attribute(std::string_view name);
  bool end_tag();
  bool end_element();
  bool character_data(xml_value& to);
  bool characters(xml_value& to);
  bool reference(xml_value& to);

  xml_limits limits_;
  std::size_t nodes_ = 0;
  enum class stage : std::uint8_t { start, content, empty_element, after_end_tag } stage_ = stage::start;
  xml_event event_ = xml_event::start_tag;
  std::size_t tag_start_ = 0;
  std::vector<open_element> open_;
  std::vector<xml_attribute> attributes_;  // The first attribute_count_; the others are kept for their memory.
  std::size_t attribute_count_ = 0;
  xml_value between_tags_;
  std::string texts_;              // The texts before children, of all open elements.
  std::string_view element_text_;  // In between_tags_ or texts_.
};

/// The name without its namespace prefix, as in Go.
[[nodiscard]] inline std::string_view local_name(std::string_view name) noexcept {
  for (std::size_t colon = 0; colon < name.size(); ++colon)
    if (name[colon] == ':') {
      const bool has_prefix = colon != 0 && colon + 1 != name.size() && name.find(':', colon + 1) == name.npos;
      return has_prefix ? name.substr(colon + 1) : name;
    }
  return name;
}

}  // namespace twinsocket::detail
