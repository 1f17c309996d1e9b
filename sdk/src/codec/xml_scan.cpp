#include "codec/xml_scan.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include "codec/unicode.hpp"

namespace twinsocket::detail {

namespace {

// Each attribute is compared with all those before it.
constexpr std::size_t max_attributes = 128;

bool same_letters(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                    [](char a, char b) { return (a | 0x20) == b; });
}

// The value of name="value" in an XML declaration, which includes its end, "?>".
std::optional<std::string_view> declared(std::string_view content, std::string_view name) {
  for (std::size_t at = content.find(name); at != content.npos; at = content.find(name, at + 1)) {
    std::string_view value = content.substr(at + name.size());
    value.remove_prefix(std::min(value.find_first_not_of(" \t\r\n="), value.size()));
    if (value[0] != '"' && value[0] != '\'') continue;
    return value.substr(1, std::min(value.find(value[0], 1), value.size()) - 1);
  }
  return std::nullopt;
}

// The character that an entity stands for; 0 for one that XML does not define.
char32_t predefined_entity(std::string_view name) {
  struct entity {
    std::string_view name;
    char32_t value;
  };
  for (const entity each : {entity{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}})
    if (each.name == name) return each.value;
  return 0;
}

}  // namespace

bool xml_scanner::read() {
  switch (stage_) {
    case stage::start:
      if (text_.starts_with("\xEF\xBB\xBF")) at_ = 3;
      return (!is_declaration() || declaration()) && scan_outside_root(true) && start_tag();
    case stage::content: return content();
    case stage::empty_element: between_tags_.clear(); return end_element();
    default:
      texts_.resize(open_.back().texts);
      open_.pop_back();
      if (!open_.empty()) return content();
      event_ = xml_event::end;
      return scan_outside_root(false);
  }
}

bool xml_scanner::is_declaration() const {
  return rest().starts_with("<?xml") && text_.size() > at_ + 5 && is_space(text_[at_ + 5]);
}

bool xml_scanner::declaration() {
  const std::size_t start = at_;
  if (!take_until("?>", "the XML declaration")) return false;
  const std::string_view content = since(start);
  const auto version = declared(content, "version");
  if (!version || *version != "1.0") return reject("expected version 1.0 of XML");
  const auto encoding = declared(content, "encoding");
  if (encoding && !same_letters(*encoding, "utf-8")) return reject_at("expected UTF-8, found the encoding ", *encoding);
  return true;
}

bool xml_scanner::comment() {
  if (!take_until("--", "a comment")) return false;
  if (!take('>')) return reject("\"--\" within a comment");
  return true;
}

bool xml_scanner::instruction() {
  const std::string_view target = take_name();
  if (target.empty()) return reject("a processing instruction without a target");
  if (same_letters(target, "xml")) return reject("an XML declaration that is not at the start");
  if (!take_space() && !rest().starts_with("?>"))
    return reject("expected a space after the target of a processing instruction");
  return take_until("?>", "a processing instruction");
}

// Skipped. Its declarations are not used, so entities that it declares are undefined.
bool xml_scanner::document_type() {
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
bool xml_scanner::scan_outside_root(bool before) {
  bool may_declare_type = before;
  for (;;) {
    take_space();
    if (take("<!--")) {
      if (!comment()) return false;
    } else if (take("<?")) {
      if (!instruction()) return false;
    } else if (may_declare_type && take("<!DOCTYPE")) {
      may_declare_type = false;
      if (!document_type()) return false;
    } else if (at_end()) {
      if (before) return reject("the document has no root element");
      return true;
    } else if (here() != '<') {
      return reject(before ? "text before the root element" : "text after the root element");
    } else {
      if (!before) return reject("content after the root element");
      return true;
    }
  }
}

bool xml_scanner::reject_nodes() {
  return reject("more than " + std::to_string(limits_.nodes) + " elements, attributes and texts",
                errc::message_too_big);
}
bool xml_scanner::reject_depth() {
  return reject("nested deeper than " + std::to_string(limits_.depth) + " levels", errc::too_deep);
}

// Reads up to the next tag within an element.
bool xml_scanner::content() {
  between_tags_.clear();
  bool is_counted = false;
  for (;;) {
    bool good = false;
    if (at_end()) {
      return reject_at("expected the end tag of ", name(), ", found the end of the document");
    } else if (here() != '<') {
      if (here() == ']' && take("]]>")) return reject("\"]]>\" within text");
      good = count_text(is_counted) && character_data(between_tags_);
    } else {
      switch (text_.size() - at_ > 1 ? text_[at_ + 1] : '\0') {
        case '/': return end_tag();
        case '?':
          at_ += 2;
          good = instruction();
          break;
        case '!': good = take("<!--") ? comment() : section(is_counted); break;
        default: texts_.append(between_tags_.get()); return start_tag();
      }
    }
    if (!good) return false;
  }
}

bool xml_scanner::section(bool& is_counted) {
  if (!take("<![CDATA[")) return reject("a declaration within the root element");
  while (!take("]]>")) {
    if (at_end()) return reject("a CDATA section has no end");
    if (!count_text(is_counted) || !characters(between_tags_)) return false;
  }
  return true;
}

bool xml_scanner::start_tag() {
  if (open_.size() == limits_.depth) return reject_depth();
  if (!count_node()) return false;
  tag_start_ = at_++;
  const std::string_view name = take_name();
  if (name.empty()) return reject("expected the name of an element after \"<\"");
  open_.push_back({name, texts_.size()});
  if (!attributes_of_tag()) return false;
  const bool is_empty = take('/');
  if (!take('>')) return reject_at("expected \">\" at the end of the tag of ", name);
  stage_ = is_empty ? stage::empty_element : stage::content;
  event_ = xml_event::start_tag;
  return true;
}

const xml_value* xml_scanner::find_attribute(std::string_view name) const noexcept {
  for (const xml_attribute& each : attributes())
    if (each.name == name) return &each.value;
  return nullptr;
}

bool xml_scanner::attributes_of_tag() {
  attribute_count_ = 0;
  for (;;) {
    const bool spaced = take_space();
    if (at_end() || here() == '>' || here() == '/') return true;
    if (!spaced) return reject("expected a space before an attribute");
    const std::string_view name = take_name();
    if (name.empty()) return reject("expected the name of an attribute");
    if (find_attribute(name)) return reject_at("the attribute ", name, " occurs twice");
    if (attribute_count_ == max_attributes) return reject("more than 128 attributes", errc::message_too_big);
    if (!attribute(name)) return false;
  }
}

bool xml_scanner::attribute(std::string_view name) {
  if (!count_node()) return false;
  take_space();
  if (!take('=')) return reject_at("expected \"=\" after the attribute ", name);
  take_space();
  const char quote = here();
  if (quote != '"' && quote != '\'') return reject_at("expected the value of the attribute ", name, " in quotes");
  ++at_;
  if (attribute_count_ == attributes_.size()) attributes_.emplace_back();
  xml_attribute& made = attributes_[attribute_count_++];
  made.name = name;
  made.value.clear();
  while (!take(quote)) {
    if (at_end()) return reject_at("the value of the attribute ", name, " has no end");
    if (here() == '<') return reject("\"<\" within the value of an attribute");
    if (!character_data(made.value)) return false;
  }
  return true;
}

bool xml_scanner::end_tag() {
  at_ += 2;
  const std::string_view wanted = name();
  const std::size_t start = at_;
  // Fast path for an end tag without white space.
  if (!take(wanted) || !take('>')) {
    at_ = start;
    const std::string_view found = take_name();
    if (found != wanted)
      return reject_at("expected the end tag of ", wanted, ", found that of " + quote_for_error(found));
    take_space();
    if (!take('>')) return reject_at("expected \">\" at the end of the end tag of ", found);
  }
  return end_element();
}

bool xml_scanner::end_element() {
  stage_ = stage::after_end_tag;
  element_text_ = between_tags_.get();
  // Text before children is in texts_, to which the rest is added.
  if (const std::size_t before = open_.back().texts; before != texts_.size())
    element_text_ = std::string_view(texts_.append(element_text_)).substr(before);
  event_ = xml_event::end_tag;
  return true;
}

// A part of a text or attribute value.
bool xml_scanner::character_data(xml_value& to) { return here() == '&' ? reference(to) : characters(to); }

// Characters that stand for themselves, and line ends.
bool xml_scanner::characters(xml_value& to) {
  const std::size_t start = at_;
  if (take('\r')) {
    take('\n');
    to.copy() += '\n';
    return true;
  }
  if (!take_run() && !take_character()) return false;
  to.add(since(start));
  return true;
}

bool xml_scanner::reference(xml_value& to) {
  const std::size_t start = at_++;
  char32_t value = 0;
  bool is_complete = true;
  if (take('#')) {
    const bool hex = take('x');
    std::uint32_t number = 0;
    const char* const first = text_.data() + at_;
    const auto [end, problem] = std::from_chars(first, text_.data() + text_.size(), number, hex ? 16 : 10);
    at_ += static_cast<std::size_t>(end - first);
    if (problem == std::errc()) value = number;
    is_complete = end != first;
  } else {
    value = predefined_entity(take_name());
  }
  if (!is_complete || !take(';') || !is_xml_character(value))
    return reject_at("the reference ", since(start), " stands for no character");
  append_character(to.copy(), value);
  return true;
}

}  // namespace twinsocket::detail
