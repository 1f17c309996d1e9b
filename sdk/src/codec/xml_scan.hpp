#pragma once

// tinyxml2 takes much that is no XML: several roots, undefined entities, control characters; it loses space, and some
// of its versions refuse more than 99 levels. So a document is read here first, by the rules of XML 1.0, and written
// anew in a form that tinyxml2 cannot misunderstand: only tags, attributes and escaped text, in pieces that are not
// deep. Where text is all that an element has it is written as an attribute, which tinyxml2 reads in half the time.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/refusal.hpp"

namespace twinsocket::detail {

/// A document as it is given to tinyxml2.
struct scanned_xml {
  /// An element that would be too deep in its piece is a piece of its own, and `<!7>` stands where it was, with the
  /// number of its piece. The first piece has the root.
  struct piece {
    std::string text;
    std::size_t first;  ///< The number of its first element, counted through all pieces in the order of the document.
  };
  std::vector<piece> pieces;
  /// The line of each element. In the text of a piece each element has one line end, so that its line there tells
  /// which.
  std::vector<std::uint32_t> lines;
};

/// The name of the attribute that stands for the only text of an element: tinyxml2 takes it, and in XML it is no name.
inline constexpr const char* text_attribute = "\xC3\x97";

struct xml_limits {
  std::size_t depth;
  std::size_t nodes;  ///< Elements, attributes and texts together.
};

/// False when the document is refused; `why` then says why, and `line` where.
[[nodiscard]] bool scan_xml(std::string_view document, xml_limits limits, scanned_xml& made, refusal& why,
                            std::size_t& line);

}  // namespace twinsocket::detail
