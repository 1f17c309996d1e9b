#include "codec/xml_scan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "codec/unicode.hpp"

namespace twinsocket::detail {

namespace {

// tinyxml2 9 has a limit of 99; a lower one also bounds its recursion.
constexpr std::size_t levels_in_a_piece = 64;
// tinyxml2 looks for each attribute among those before it.
constexpr std::size_t most_attributes = 128;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

bool same_letters(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a | 0x20) == b; });
}

class xml_scanner {
 public:
  xml_scanner(std::string_view document, xml_limits limits, scanned_xml& made)
      : text_(document), limits_(limits), made_(made) {}

  bool scan() {
    if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    if (is_declaration() && !declaration()) return false;
    if (!outside_root(true) || !start_tag()) return false;
    while (!open_.empty())
      if (!content()) return false;
    return outside_root(false);
  }

  [[nodiscard]] const refusal& why() const { return refusal_; }
  [[nodiscard]] std::size_t line() {
    count_lines();
    return line_;
  }

 private:
  struct open_element {
    std::string_view name;
    std::size_t piece;
  };

  bool refuse(std::string reason, errc code = errc::syntax) {
    refusal_ = refusal(code, std::move(reason));
    return false;
  }
  bool refuse_character() {
    const character c = first_character(rest());
    if (!c.size) return refuse("a byte that is not UTF-8", errc::invalid_utf8);
    std::array<char, 8> hex{};
    std::to_chars(hex.data(), hex.data() + hex.size(), static_cast<std::uint32_t>(c.value), 16);
    return refuse("the character U+" + std::string(hex.data()) + " is not allowed in XML");
  }

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char here() const { return at_end() ? '\0' : text_[at_]; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }
  bool take(std::string_view wanted) {
    if (!rest().starts_with(wanted)) return false;
    at_ += wanted.size();
    return true;
  }
  bool take_space() {
    const std::size_t before = at_;
    while (!at_end() && is_space(text_[at_])) ++at_;
    return at_ != before;
  }
  // A name, or nothing when there is none.
  std::string_view take_name() {
    const std::size_t start = at_;
    while (!at_end()) {
      const character c = first_character(rest());
      if (!c.size || !(at_ == start ? starts_xml_name(c.value) : continues_xml_name(c.value))) break;
      at_ += c.size;
    }
    return text_.substr(start, at_ - start);
  }
  // Passes one character that XML allows.
  bool take_character() {
    const character c = at_end() ? character() : first_character(rest());
    if (!c.size || !is_xml_character(c.value)) return refuse_character();
    at_ += c.size;
    return true;
  }
  // Passes everything up to `end` and that too.
  bool take_until(std::string_view end, std::string_view what) {
    while (!at_end()) {
      if (take(end)) return true;
      if (!take_character()) return false;
    }
    return refuse(std::string(what) + " has no end");
  }

  // A line end is CR LF, CR or LF (section 2.11).
  void count_lines() {
    for (; counted_ < at_; ++counted_) {
      const bool is_pair = text_[counted_] == '\r' && counted_ + 1 < text_.size() && text_[counted_ + 1] == '\n';
      line_ += text_[counted_] == '\n' || (text_[counted_] == '\r' && !is_pair);
    }
  }

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
    const std::string_view content = text_.substr(start, at_ - start);
    const auto version = declared(content, "version");
    if (!version || *version != "1.0") return refuse("expected version 1.0 of XML");
    const auto encoding = declared(content, "encoding");
    if (encoding && !same_letters(*encoding, "utf-8"))
      return refuse("expected UTF-8, found the encoding " + in_quotes(*encoding));
    return true;
  }

  bool comment() {
    if (!take_until("--", "a comment")) return false;
    return take(">") || refuse("\"--\" within a comment");
  }

  bool instruction() {
    const std::string_view target = take_name();
    if (target.empty()) return refuse("a processing instruction without a target");
    if (same_letters(target, "xml")) return refuse("an XML declaration that is not at the start");
    if (!take_space() && !rest().starts_with("?>"))
      return refuse("expected a space behind the target of a processing instruction");
    return take_until("?>", "a processing instruction");
  }

  // Passed over: what it declares is not used, so that an entity of its own is undefined.
  bool document_type() {
    for (std::size_t brackets = 1; brackets;) {
      if (at_end()) return refuse("the document type declaration has no end");
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

  // What may stand before and behind the root element; before it, ends at its "<".
  bool outside_root(bool before) {
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
        return !before || refuse("the document has no root element");
      } else if (here() != '<') {
        return refuse(before ? "text before the root element" : "text behind the root element");
      } else if (!before) {
        return refuse("something behind the root element");
      } else {
        return true;
      }
    }
  }

  bool count_node() {
    if (++nodes_ <= limits_.nodes) return true;
    return refuse("more than " + std::to_string(limits_.nodes) + " elements, attributes and texts",
                  errc::message_too_big);
  }

  std::string& out() { return made_.pieces[open_.empty() ? 0 : open_.back().piece].text; }

  bool start_tag() {
    if (open_.size() == limits_.depth)
      return refuse("nested deeper than " + std::to_string(limits_.depth) + " levels", errc::too_deep);
    if (!count_node()) return false;
    count_lines();
    ++at_;
    const std::string_view name = take_name();
    if (name.empty()) return refuse("expected the name of an element behind \"<\"");

    std::size_t piece = open_.empty() ? 0 : open_.back().piece;
    if (open_.size() % levels_in_a_piece == 0) {
      piece = made_.pieces.size();
      if (!open_.empty()) out().append("<!").append(std::to_string(piece)).append(">");
      made_.pieces.push_back({{}, made_.lines.size()});
    }
    made_.lines.push_back(static_cast<std::uint32_t>(line_));
    open_.push_back({name, piece});
    out().append("<").append(name).append("\n");
    if (!attributes()) return false;
    after_markup_ = true;
    out() += '>';
    if (take(">")) return true;
    return take("/>") ? end_element() : refuse("expected \">\" at the end of the tag of " + in_quotes(name));
  }

  bool end_element() {
    out().append("</").append(open_.back().name).append(">");
    open_.pop_back();
    after_markup_ = true;
    return true;
  }

  bool attributes() {
    std::array<std::string_view, most_attributes> names;
    std::size_t count = 0;
    for (;;) {
      const bool spaced = take_space();
      if (at_end() || here() == '>' || here() == '/') return true;
      if (!spaced) return refuse("expected a space before an attribute");
      const std::string_view name = take_name();
      if (name.empty()) return refuse("expected the name of an attribute");
      if (std::find(names.begin(), names.begin() + count, name) != names.begin() + count)
        return refuse("the attribute " + in_quotes(name) + " is there twice");
      if (count == most_attributes) return refuse("more than 128 attributes", errc::message_too_big);
      names[count++] = name;
      if (!count_node()) return false;
      take_space();
      if (!take("=")) return refuse("expected \"=\" behind the attribute " + in_quotes(name));
      take_space();
      const char quote = here();
      if (quote != '"' && quote != '\'')
        return refuse("expected the value of the attribute " + in_quotes(name) + " in quotes");
      ++at_;
      out().append(" ").append(name).append("=\"");
      after_markup_ = false;
      while (here() != quote) {
        if (at_end()) return refuse("the value of the attribute " + in_quotes(name) + " has no end");
        if (here() == '<') return refuse("\"<\" within the value of an attribute");
        if (!character_data()) return false;
      }
      ++at_;
      out() += '"';
    }
  }

  bool content() {
    if (at_end())
      return refuse("expected the end tag of " + in_quotes(open_.back().name) + ", found the end of the document");
    if (here() != '<') {
      if (take("]]>")) return refuse("\"]]>\" within text");
      return character_data();
    }
    if (take("</")) {
      const std::string_view name = take_name();
      if (name != open_.back().name)
        return refuse("expected the end tag of " + in_quotes(open_.back().name) + ", found that of " + in_quotes(name));
      take_space();
      if (!take(">")) return refuse("expected \">\" at the end of the end tag of " + in_quotes(name));
      return end_element();
    }
    if (take("<!--")) return comment();
    if (take("<![CDATA[")) {
      while (!take("]]>")) {
        if (at_end()) return refuse("a CDATA section has no end");
        if (!plain_character()) return false;
      }
      return true;
    }
    if (take("<?")) return instruction();
    if (rest().starts_with("<!")) return refuse("a declaration within the root element");
    return start_tag();
  }

  // One character or reference of text or of the value of an attribute.
  bool character_data() { return here() == '&' ? reference() : plain_character(); }

  bool plain_character() {
    // Most text is plain, and is copied in runs.
    if (!after_markup_) {
      const std::size_t start = at_;
      while (!at_end() && is_plain(text_[at_])) ++at_;
      if (at_ != start) {
        out().append(text_.substr(start, at_ - start));
        return true;
      }
    }
    const std::size_t start = at_;
    if (!take_character()) return false;
    if (text_[start] == '\r') take("\n");
    return put(text_.substr(start, at_ - start),
               text_[start] == '\r' ? '\n' : static_cast<unsigned char>(text_[start]));
  }
  static bool is_plain(char c) { return (c >= '?' && c <= '~' && c != ']') || (c >= '(' && c <= ';') || c == ' '; }

  // Writes a character so that tinyxml2 gives it back as it is; where it is written as it stands, `raw` is that.
  bool put(std::string_view raw, char32_t value) {
    const bool first = after_markup_;
    if (first && !count_node()) return false;
    after_markup_ = false;
    switch (value) {
      case '<': out() += "&lt;"; return true;
      case '>': out() += "&gt;"; return true;
      case '&': out() += "&amp;"; return true;
      case '"': out() += "&quot;"; return true;
      case '\r': out() += "&#xD;"; return true;
      // A raw line end would disturb the count of lines, and at the start of a text all space might be dropped.
      case '\n': out() += "&#xA;"; return true;
      case '\t': out() += first ? "&#x9;" : "\t"; return true;
      case ' ': out() += first ? "&#x20;" : " "; return true;
      default: out() += raw; return true;
    }
  }

  bool reference() {
    const std::size_t start = at_++;
    if (take("#")) {
      const bool hex = take("x");
      std::uint32_t value = 0;
      const char* const first = text_.data() + at_;
      const auto [end, problem] = std::from_chars(first, text_.data() + text_.size(), value, hex ? 16 : 10);
      at_ += static_cast<std::size_t>(end - first);
      if (problem == std::errc::invalid_argument || !take(";")) return refuse_reference(start);
      if (problem != std::errc() || !is_xml_character(value)) return refuse_reference(start);
      return put_referred(value);
    }
    const std::string_view name = take_name();
    if (!take(";")) return refuse_reference(start);
    struct entity {
      std::string_view name;
      char32_t value;
    };
    for (const entity each : {entity{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}})
      if (each.name == name) return put_referred(each.value);
    return refuse_reference(start);
  }
  bool refuse_reference(std::size_t start) {
    const std::string_view found = text_.substr(start, at_ - start);
    return refuse("the reference " + in_quotes(found) + " stands for no character");
  }
  bool put_referred(char32_t value) {
    std::array<char, 16> room{'&', '#', 'x'};
    char* const end = std::to_chars(room.data() + 3, room.data() + 12, static_cast<std::uint32_t>(value), 16).ptr;
    *end = ';';
    return put({room.data(), static_cast<std::size_t>(end + 1 - room.data())}, value);
  }

  std::string_view text_;
  xml_limits limits_;
  scanned_xml& made_;
  refusal refusal_;
  std::vector<open_element> open_;
  std::size_t at_ = 0;
  std::size_t nodes_ = 0;
  std::size_t counted_ = 0;
  std::size_t line_ = 1;
  bool after_markup_ = false;
};

}  // namespace

bool scan_xml(std::string_view document, xml_limits limits, scanned_xml& made, refusal& why, std::size_t& line) {
  xml_scanner scanner(document, limits, made);
  if (scanner.scan()) return true;
  why = scanner.why();
  line = scanner.line();
  return false;
}

}  // namespace twinsocket::detail
