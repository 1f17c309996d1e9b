#pragma once

// tinyxml2 accepts much that is not XML: several roots, undefined entities, control characters. It loses white space, and
// some versions reject more than 99 levels. So this scanner first parses a document by the rules of XML 1.0. It writes it
// again in a form that tinyxml2 cannot misinterpret: only tags, attributes and escaped text, in pieces of limited depth.
// If an element contains only text, the text is written as an attribute, which tinyxml2 parses in half the time.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "codec/document_error.hpp"

namespace twinsocket::detail {

/// A document in the form that is passed to tinyxml2.
struct normalized_xml {
  /// An element that would be too deep in its piece becomes a piece of its own. The placeholder `<!7>` with its number
  /// stands in its place. The first piece contains the root.
  struct piece {
    std::string text;
    std::size_t first;  ///< The index of its first element, across all pieces in document order.
  };
  std::vector<piece> pieces;
  /// The line of each element. The text of a piece has one line feed for each element, so that tinyxml2's line number
  /// identifies the element.
  std::vector<std::uint32_t> lines;
};

/// The attribute for the only text of an element. tinyxml2 accepts this name, which is not valid in XML.
inline constexpr const char* text_attribute = "\xC3\x97";

struct xml_limits {
  std::size_t depth;
  std::size_t nodes;  ///< Elements, attributes and texts together.
};

/// False if the document is invalid; `why` and `line` then describe the error.
[[nodiscard]] bool scan_xml(std::string_view document, xml_limits limits, normalized_xml& made, document_error& why,
                            std::size_t& line);

}  // namespace twinsocket::detail
