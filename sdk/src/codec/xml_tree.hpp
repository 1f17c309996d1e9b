#pragma once

// A document in tinyxml2's hands, seen as one tree again: scan_xml has cut it into pieces that are not deep.

#include <tinyxml2.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "codec/xml_scan.hpp"

namespace twinsocket::detail {

class xml_tree {
 public:
  /// False when tinyxml2 refuses what the scanner has accepted, which is a lack of memory.
  [[nodiscard]] bool parse(scanned_xml&& scanned);

  /// An element, and where its siblings are: an element that is the root of a piece has them around its placeholder.
  struct element {
    const tinyxml2::XMLElement* node = nullptr;
    std::size_t piece = 0;
    const tinyxml2::XMLNode* sibling = nullptr;
    std::size_t sibling_piece = 0;

    explicit operator bool() const noexcept { return node; }
  };

  [[nodiscard]] element root() const;
  /// The first child element; one that is false when there is none.
  [[nodiscard]] element first_child(const element& parent) const;
  [[nodiscard]] element next_sibling(const element& of) const;
  /// The line of the document that it begins in.
  [[nodiscard]] std::size_t line_of(const element& of) const;

 private:
  struct piece {
    std::unique_ptr<tinyxml2::XMLDocument> document;
    std::size_t first;
  };

  [[nodiscard]] element from(const tinyxml2::XMLNode* node, std::size_t in_piece) const;

  std::vector<piece> pieces_;
  std::vector<std::uint32_t> lines_;
};

/// The name without the prefix of its namespace, as Go sees it.
[[nodiscard]] std::string_view local_name(std::string_view name) noexcept;

/// The text of an element without that of its children; `room` holds it when it does not stand in one place.
[[nodiscard]] std::string_view text_of(const xml_tree::element& element, std::string& room);

}  // namespace twinsocket::detail
