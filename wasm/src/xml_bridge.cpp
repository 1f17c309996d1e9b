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

namespace twinsocket::detail {

namespace {

// The defaults of xml_codec.
constexpr xml_limits document_limits{.depth = 256, .nodes = 1'000'000};

// Writes the tree of a document while the scanner reads it.
class xml_tree_writer {
 public:
  explicit xml_tree_writer(std::string_view document) : scanner_(document, document_limits) {}

  result<buffer> write() {
    for (;;) {
      switch (scanner_.next()) {
        case xml_event::start_tag: begin(); break;
        case xml_event::end_tag: end(); break;
        case xml_event::end: return std::move(out_).take();
        case xml_event::error: return scanner_.why();
      }
    }
  }

 private:
  void begin() {
    if (depth_++ != 0) out_.put(',');
    out_.put('[');
    put_string(local_name(scanner_.name()));
    out_.put(',');
    out_.put(std::to_string(scanner_.line_of(scanner_.tag_start())));
    out_.put(',');
    if (scanner_.attributes().empty()) return out_.put('0');
    char before = '[';
    for (const xml_attribute& each : scanner_.attributes()) {
      out_.put(before);
      put_string(each.name);
      out_.put(',');
      put_string(each.value.get());
      before = ',';
    }
    out_.put(']');
  }
  void end() {
    --depth_;
    out_.put(',');
    put_string(scanner_.text());
    out_.put(']');
  }
  void put_string(std::string_view text) {
    // The scanner rejects everything that is not valid UTF-8.
    [[maybe_unused]] const bool good = write_json_string(out_, text);
  }

  xml_scanner scanner_;
  output_buffer out_;
  std::size_t depth_ = 0;
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

result<buffer> xml_to_tree(std::string_view document) { return xml_tree_writer(document).write(); }

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
