#pragma once

// A document parsed by tinyxml2, as one tree: joins the pieces of limited depth that scan_xml has made.

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
  /// False if tinyxml2 rejects the scanner's output, which happens only when memory runs out.
  [[nodiscard]] bool parse(normalized_xml&& scanned);

  /// An element and the position of its siblings. The siblings of a piece's root are those of its placeholder.
  struct element {
    const tinyxml2::XMLElement* node = nullptr;
    std::size_t piece = 0;
    const tinyxml2::XMLNode* sibling = nullptr;
    std::size_t sibling_piece = 0;

    explicit operator bool() const noexcept { return node; }
  };

  [[nodiscard]] element root() const;
  /// The first child element; false if there is none.
  [[nodiscard]] element first_child(const element& parent) const;
  [[nodiscard]] element next_sibling(const element& of) const;
  /// The line of the document in which the element begins.
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

/// The name without its namespace prefix, as in Go.
[[nodiscard]] std::string_view local_name(std::string_view name) noexcept;

/// The text of an element without that of its children. `room` holds it if it is not contiguous.
[[nodiscard]] std::string_view text_of(const xml_tree::element& element, std::string& room);

}  // namespace twinsocket::detail
