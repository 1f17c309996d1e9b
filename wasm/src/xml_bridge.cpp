#include "xml_bridge.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "codec/document_error.hpp"
#include "codec/json_text.hpp"
#include "codec/output_buffer.hpp"
#include "codec/unicode.hpp"
#include "codec/xml_scan.hpp"
#include "codec/xml_text.hpp"
#include "codec/xml_tree.hpp"

namespace twinsocket::detail {

namespace {

// The defaults of xml_codec.
constexpr xml_limits document_limits{.depth = 256, .nodes = 1'000'000};

class xml_tree_json_writer {
 public:
  explicit xml_tree_json_writer(const xml_tree& tree) : tree_(tree) {}

  void write(const xml_tree::element& element) {
    out_.put('[');
    put_string(local_name(element.node->Name()));
    out_.put(',');
    out_.put(std::to_string(tree_.line_of(element)));
    out_.put(',');
    put_attributes(*element.node);
    out_.put(',');
    put_string(text_of(element, text_buffer_));
    for (auto child = tree_.first_child(element); child; child = tree_.next_sibling(child)) {
      out_.put(',');
      write(child);
    }
    out_.put(']');
  }

  [[nodiscard]] buffer take() && { return std::move(out_).take(); }

 private:
  void put_string(std::string_view text) {
    // The scanner rejects everything that is not valid UTF-8.
    [[maybe_unused]] const bool good = write_json_string(out_, text);
  }
  void put_attributes(const tinyxml2::XMLElement& element) {
    const tinyxml2::XMLAttribute* each = element.FirstAttribute();
    if (!each) return out_.put('0');
    char before = '[';
    for (; each; each = each->Next()) {
      out_.put(before);
      put_string(each->Name());
      out_.put(',');
      put_string(each->Value());
      before = ',';
    }
    out_.put(']');
  }

  const xml_tree& tree_;
  output_buffer out_;
  std::string text_buffer_;
};

bool is_name(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const character c = first_character(text.substr(at));
    const bool fits = c.size && c.value != ':' && (at ? continues_xml_name(c.value) : starts_xml_name(c.value));
    if (!fits) return false;
    at += c.size;
  }
  return !text.empty();
}

// Writes the document for a sequence of tokens.
class xml_token_writer {
 public:
  result<void> take(char mark, std::string_view argument) {
    switch (mark) {
      case '<': return begin(argument);
      case '@': return begin_attribute(argument);
      case '=': return put_text(argument);
      default: end(); return {};
    }
  }
  [[nodiscard]] buffer take() && { return std::move(out_).take(); }

 private:
  // The position in the document.
  enum class place : std::uint8_t { content, tag, attribute };

  result<void> begin(std::string_view name) {
    if (!is_name(name)) return invalid_name(name);
    if (open_.size() == document_limits.depth)
      return error(errc::too_deep, "nested deeper than " + std::to_string(document_limits.depth) + " levels");
    end_tag();
    open_.push_back(name);
    out_.put('<');
    out_.put(name);
    place_ = place::tag;
    return {};
  }
  result<void> begin_attribute(std::string_view name) {
    if (!is_name(name)) return invalid_name(name);
    out_.put(' ');
    out_.put(name);
    out_.put("=\"");
    place_ = place::attribute;
    return {};
  }
  result<void> put_text(std::string_view text) {
    const bool is_attribute = place_ == place::attribute;
    if (!is_attribute) end_tag();
    if (!write_xml_text(out_, text)) return xml_text_flaw(text);
    if (is_attribute) {
      out_.put('"');
      place_ = place::tag;
    }
    return {};
  }
  void end() {
    end_tag();
    out_.put("</");
    out_.put(open_.back());
    out_.put('>');
    open_.pop_back();
  }
  void end_tag() {
    if (place_ == place::tag) out_.put('>');
    place_ = place::content;
  }
  static error invalid_name(std::string_view name) {
    return {errc::invalid_argument, quote_for_error(name) + " cannot be a name in XML"};
  }

  output_buffer out_;
  std::vector<std::string_view> open_;
  place place_ = place::content;
};

}  // namespace

result<buffer> xml_to_tree(std::string_view document) {
  normalized_xml scanned;
  document_error why;
  std::size_t line = 0;
  if (!scan_xml(document, document_limits, scanned, why, line)) return why.to_error("at line " + std::to_string(line));
  xml_tree tree;
  if (!tree.parse(std::move(scanned))) return error(errc::malformed, "tinyxml2 refuses the document");
  xml_tree_json_writer writer(tree);
  writer.write(tree.root());
  return std::move(writer).take();
}

result<buffer> tokens_to_xml(std::string_view marks) {
  xml_token_writer writer;
  while (!marks.empty()) {
    const std::size_t end = marks.find('\0');
    if (const result<void> taken = writer.take(marks[0], marks.substr(1, end - 1)); !taken) return taken.error();
    marks.remove_prefix(end + 1);
  }
  return std::move(writer).take();
}

}  // namespace twinsocket::detail
