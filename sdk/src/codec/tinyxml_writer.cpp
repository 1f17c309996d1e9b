#include "codec/tinyxml_writer.hpp"

#include <cstdint>

namespace twinsocket::detail {

namespace {

// tinyxml2 9 permits 99 levels. A lower limit also bounds its recursion.
constexpr std::size_t max_piece_depth = 64;

constexpr std::string_view text_attribute_start = " \xC3\x97=\"";

}  // namespace

tinyxml_writer::tinyxml_writer(normalized_xml& made, std::size_t document_size)
    : made_(made), document_size_(document_size) {}

void tinyxml_writer::open_piece() {
  if (out_) out_->append("<!").append(std::to_string(made_.pieces.size())).append(">");
  made_.pieces.push_back({{}, made_.lines.size()});
  if (!out_) made_.pieces.back().text.reserve(document_size_ + document_size_ / 8);
  out_ = &made_.pieces.back().text;
}

void tinyxml_writer::start_element(std::string_view name, std::size_t line) {
  close_tag();
  if (open_.size() % max_piece_depth == 0) open_piece();
  made_.lines.push_back(static_cast<std::uint32_t>(line));
  open_.push_back({name, made_.pieces.size() - 1});
  out_->push_back('<');
  out_->append(name);
  out_->push_back('\n');
  content_ = content::none;
  starts_text_ = true;
}

// A child element begins, so the text so far is not the only content of the element.
void tinyxml_writer::close_tag() {
  if (content_ == content::none) out_->push_back('>');
  if (content_ == content::text)
    out_->replace(text_at_ - text_attribute_start.size(), text_attribute_start.size(), ">");
  content_ = content::elements;
}

void tinyxml_writer::start_attribute(std::string_view name) {
  out_->push_back(' ');
  out_->append(name).append("=\"");
  starts_text_ = false;
}

void tinyxml_writer::end_attribute() {
  out_->push_back('"');
  starts_text_ = true;
}

void tinyxml_writer::end_element() {
  switch (content_) {
    case content::none: out_->append("/>"); break;
    case content::text: out_->append("\"/>"); break;
    case content::elements: out_->append("</").append(name()).push_back('>');
  }
  open_.pop_back();
  if (!open_.empty()) out_ = &made_.pieces[open_.back().piece].text;
  content_ = content::elements;
  starts_text_ = true;
}

void tinyxml_writer::start_text() {
  starts_text_ = false;
  if (content_ != content::none) return;
  out_->append(text_attribute_start);
  text_at_ = out_->size();
  content_ = content::text;
}

void tinyxml_writer::put(std::string_view raw, char32_t value) {
  const bool first = starts_text_;
  if (first) start_text();
  switch (value) {
    case '<': raw = "&lt;"; break;
    case '>': raw = "&gt;"; break;
    case '&': raw = "&amp;"; break;
    case '"': raw = "&quot;"; break;
    case '\r': raw = "&#xD;"; break;
    // A raw line feed would change the line count. Leading white space of a text might be dropped.
    case '\n': raw = "&#xA;"; break;
    case '\t': raw = first ? "&#x9;" : "\t"; break;
    case ' ': raw = first ? "&#x20;" : " "; break;
    default: break;
  }
  out_->append(raw);
}

}  // namespace twinsocket::detail
