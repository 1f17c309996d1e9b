#include "codec/xml_tree.hpp"

#include <charconv>
#include <utility>

namespace twinsocket::detail {

bool xml_tree::parse(normalized_xml&& scanned) {
  lines_ = std::move(scanned.lines);
  for (normalized_xml::piece& each : scanned.pieces) {
    pieces_.push_back({std::make_unique<tinyxml2::XMLDocument>(), each.first});
    if (pieces_.back().document->Parse(each.text.data(), each.text.size()) != tinyxml2::XML_SUCCESS) return false;
    each.text = {};
  }
  return true;
}

xml_tree::element xml_tree::root() const { return from(pieces_.front().document->RootElement(), 0); }

xml_tree::element xml_tree::first_child(const element& parent) const {
  return from(parent.node->FirstChild(), parent.piece);
}

xml_tree::element xml_tree::next_sibling(const element& of) const {
  return from(of.sibling->NextSibling(), of.sibling_piece);
}

std::size_t xml_tree::line_of(const element& of) const {
  // The text of a piece has one line feed for each element.
  return lines_[pieces_[of.piece].first + static_cast<std::size_t>(of.node->GetLineNum() - 1)];
}

// The first element from `node` on.
xml_tree::element xml_tree::from(const tinyxml2::XMLNode* node, std::size_t in_piece) const {
  for (; node; node = node->NextSibling()) {
    if (const tinyxml2::XMLElement* const found = node->ToElement()) return {found, in_piece, node, in_piece};
    if (const tinyxml2::XMLUnknown* const placeholder = node->ToUnknown()) {
      const std::string_view number = placeholder->Value();
      std::size_t piece = 0;
      std::from_chars(number.data(), number.data() + number.size(), piece);
      return {pieces_[piece].document->RootElement(), piece, node, in_piece};
    }
  }
  return {};
}

std::string_view local_name(std::string_view name) noexcept {
  const std::size_t colon = name.find(':');
  const bool has_prefix = colon != name.npos && colon > 0 && colon + 1 < name.size() && colon == name.rfind(':');
  return has_prefix ? name.substr(colon + 1) : name;
}

std::string_view text_of(const xml_tree::element& element, std::string& room) {
  const tinyxml2::XMLNode* node = element.node->FirstChild();
  if (!node) {
    const char* const only = element.node->Attribute(text_attribute);
    return only ? std::string_view(only) : std::string_view();
  }
  room.clear();
  for (; node; node = node->NextSibling())
    if (node->ToText()) room += node->Value();
  return room;
}

}  // namespace twinsocket::detail
