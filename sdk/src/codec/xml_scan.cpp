#include "codec/xml_scan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "codec/tinyxml_writer.hpp"
#include "codec/unicode.hpp"
#include "codec/xml_cursor.hpp"

namespace twinsocket::detail {

namespace {

// tinyxml2 compares each attribute with all those before it.
constexpr std::size_t max_attributes = 128;

bool same_letters(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a | 0x20) == b; });
}

class xml_scanner : private xml_cursor {
 public:
  xml_scanner(std::string_view document, xml_limits limits, normalized_xml& made)
      : xml_cursor(document), limits_(limits), out_(made, document.size()) {}

  bool scan() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    if (is_declaration() && !declaration()) return false;
    if (!scan_outside_root(true) || !start_tag()) return false;
    while (out_.depth() > 0)
      if (!content()) return false;
    return scan_outside_root(false);
  }

  using xml_cursor::line;
  using xml_cursor::why;

 private:
  bool is_declaration() const {
    return rest().starts_with("<?xml") && text_.size() > at_ + 5 && is_space(text_[at_ + 5]);
  }

  // The value of name="value" in an XML declaration.
  static std::optional<std::string_view> declared(std::string_view content, std::string_view name) {
    for (std::size_t at = content.find(name); at != content.npos; at = content.find(name, at + 1)) {
      std::string_view value = content.substr(at + name.size());
      value.remove_prefix(std::min(value.find_first_not_of(" \t\r\n="), value.size()));
      if (value.empty() || (value[0] != '"' && value[0] != '\'')) continue;
      return value.substr(1, std::min(value.find(value[0], 1), value.size()) - 1);
    }
    return std::nullopt;
  }

  bool declaration() {
    const std::size_t start = at_;
    if (!take_until("?>", "the XML declaration")) return false;
    const std::string_view content = since(start);
    const auto version = declared(content, "version");
    if (!version || *version != "1.0") return reject("expected version 1.0 of XML");
    const auto encoding = declared(content, "encoding");
    if (encoding && !same_letters(*encoding, "utf-8"))
      return reject("expected UTF-8, found the encoding " + quote_for_error(*encoding));
    return true;
  }

  bool comment() {
    if (!take_until("--", "a comment")) return false;
    return take(">") || reject("\"--\" within a comment");
  }

  bool instruction() {
    const std::string_view target = take_name();
    if (target.empty()) return reject("a processing instruction without a target");
    if (same_letters(target, "xml")) return reject("an XML declaration that is not at the start");
    if (!take_space() && !rest().starts_with("?>"))
      return reject("expected a space after the target of a processing instruction");
    return take_until("?>", "a processing instruction");
  }

  // Skipped. Its declarations are not used, so entities that it declares are undefined.
  bool document_type() {
    for (std::size_t brackets = 1; brackets;) {
      if (at_end()) return reject("the document type declaration has no end");
      const char c = here();
      if (take("<!--")) {
        if (!comment()) return false;
      } else if (c == '"' || c == '\'') {
        ++at_;
        if (!take_until({&c, 1}, "a quoted text")) return false;
      } else {
        brackets += c == '<';
        brackets -= c == '>';
        if (!take_character()) return false;
      }
    }
    return true;
  }

  // Reads what may precede or follow the root element. Before the root element it stops at its "<".
  bool scan_outside_root(bool before) {
    bool may_declare_type = before;
    for (;;) {
      take_space();
      if (take("<!--")) {
        if (!comment()) return false;
      } else if (take("<?")) {
        if (!instruction()) return false;
      } else if (may_declare_type && rest().starts_with("<!DOCTYPE")) {
        at_ += 9;
        may_declare_type = false;
        if (!document_type()) return false;
      } else if (at_end()) {
        return !before || reject("the document has no root element");
      } else if (here() != '<') {
        return reject(before ? "text before the root element" : "text after the root element");
      } else if (!before) {
        return reject("content after the root element");
      } else {
        return true;
      }
    }
  }

  bool count_node() { return ++nodes_ <= limits_.nodes || reject_nodes(); }
  bool reject_nodes() {
    return reject("more than " + std::to_string(limits_.nodes) + " elements, attributes and texts",
                  errc::message_too_big);
  }

  bool start_tag() {
    if (out_.depth() == limits_.depth)
      return reject("nested deeper than " + std::to_string(limits_.depth) + " levels", errc::too_deep);
    if (!count_node()) return false;
    const std::size_t start_line = line();
    ++at_;
    const std::string_view name = take_name();
    if (name.empty()) return reject("expected the name of an element after \"<\"");
    out_.start_element(name, start_line);
    if (!attributes()) return false;
    if (take('>')) return true;
    if (!take("/>")) return reject("expected \">\" at the end of the tag of " + quote_for_error(name));
    out_.end_element();
    return true;
  }

  bool end_tag() {
    const std::string_view wanted = out_.name();
    const std::size_t start = at_;
    // Fast path for an end tag without white space.
    if (!take(wanted) || !take('>')) {
      at_ = start;
      const std::string_view name = take_name();
      if (name != wanted)
        return reject("expected the end tag of " + quote_for_error(wanted) + ", found that of " +
                      quote_for_error(name));
      take_space();
      if (!take('>')) return reject("expected \">\" at the end of the end tag of " + quote_for_error(name));
    }
    out_.end_element();
    return true;
  }

  bool attributes() {
    names_.clear();
    for (;;) {
      const bool spaced = take_space();
      if (at_end() || here() == '>' || here() == '/') return true;
      if (!spaced) return reject("expected a space before an attribute");
      const std::string_view name = take_name();
      if (name.empty()) return reject("expected the name of an attribute");
      if (std::find(names_.begin(), names_.end(), name) != names_.end())
        return reject("the attribute " + quote_for_error(name) + " occurs twice");
      if (names_.size() == max_attributes) return reject("more than 128 attributes", errc::message_too_big);
      names_.push_back(name);
      if (!count_node()) return false;
      take_space();
      if (!take('=')) return reject("expected \"=\" after the attribute " + quote_for_error(name));
      take_space();
      const char quote = here();
      if (quote != '"' && quote != '\'')
        return reject("expected the value of the attribute " + quote_for_error(name) + " in quotes");
      ++at_;
      out_.start_attribute(name);
      while (here() != quote) {
        if (at_end()) return reject("the value of the attribute " + quote_for_error(name) + " has no end");
        if (here() == '<') return reject("\"<\" within the value of an attribute");
        if (!character_data()) return false;
      }
      ++at_;
      out_.end_attribute();
    }
  }

  bool content() {
    if (at_end())
      return reject("expected the end tag of " + quote_for_error(out_.name()) + ", found the end of the document");
    if (here() == ']' && take("]]>")) return reject("\"]]>\" within text");
    if (here() != '<') return character_data();
    switch (text_.size() - at_ > 1 ? text_[at_ + 1] : '\0') {
      case '/': at_ += 2; return end_tag();
      case '?': at_ += 2; return instruction();
      case '!': return take("<!--") ? comment() : section();
      default: return start_tag();
    }
  }

  bool section() {
    if (!take("<![CDATA[")) return reject("a declaration within the root element");
    while (!take("]]>")) {
      if (at_end()) return reject("a CDATA section has no end");
      if (!plain_character()) return false;
    }
    return true;
  }

  // One character or reference in a text or attribute value.
  bool character_data() { return here() == '&' ? reference() : plain_character(); }

  bool plain_character() {
    // Most text is ordinary and is copied in runs. A leading space needs an escape.
    const std::size_t start = at_;
    if (!(out_.starts_text() && here() == ' ') && take_run()) {
      if (out_.starts_text() && !count_node()) return false;
      out_.put_run(since(start));
      return true;
    }
    if (!take_character()) return false;
    if (text_[start] == '\r') take("\n");
    return put(since(start), text_[start] == '\r' ? '\n' : static_cast<unsigned char>(text_[start]));
  }

  bool put(std::string_view raw, char32_t value) {
    if (out_.starts_text() && !count_node()) return false;
    out_.put(raw, value);
    return true;
  }

  bool reference() {
    const std::size_t start = at_++;
    if (take("#")) {
      const bool hex = take("x");
      std::uint32_t value = 0;
      const char* const first = text_.data() + at_;
      const auto [end, problem] = std::from_chars(first, text_.data() + text_.size(), value, hex ? 16 : 10);
      at_ += static_cast<std::size_t>(end - first);
      if (problem == std::errc::invalid_argument || !take(";")) return reject_reference(start);
      if (problem != std::errc() || !is_xml_character(value)) return reject_reference(start);
      return put_referred(value);
    }
    const std::string_view name = take_name();
    if (!take(";")) return reject_reference(start);
    struct entity {
      std::string_view name;
      char32_t value;
    };
    for (const entity each : {entity{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}})
      if (each.name == name) return put_referred(each.value);
    return reject_reference(start);
  }
  bool reject_reference(std::size_t start) {
    const std::string_view found = since(start);
    return reject("the reference " + quote_for_error(found) + " stands for no character");
  }
  bool put_referred(char32_t value) {
    std::array<char, 16> room{'&', '#', 'x'};
    char* const end = std::to_chars(room.data() + 3, room.data() + 12, static_cast<std::uint32_t>(value), 16).ptr;
    *end = ';';
    return put({room.data(), static_cast<std::size_t>(end + 1 - room.data())}, value);
  }

  xml_limits limits_;
  tinyxml_writer out_;
  std::vector<std::string_view> names_;  // Attributes of the current tag.
  std::size_t nodes_ = 0;
};

}  // namespace

bool scan_xml(std::string_view document, xml_limits limits, normalized_xml& made, document_error& why,
              std::size_t& line) {
  xml_scanner scanner(document, limits, made);
  if (scanner.scan()) return true;
  why = scanner.why();
  line = scanner.line();
  return false;
}

}  // namespace twinsocket::detail
