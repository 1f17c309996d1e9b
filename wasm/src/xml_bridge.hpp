#pragma once

// XML parser and writer for js/xml.ts, which has the described types. Converts a document to a tree as JSON text, and a
// sequence of tokens to a document. Accepts and writes the same documents as the C++ codec.

#include <string_view>

#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// Parses a document into a tree: ["name", line, attributes, children..., "text"]. Attributes are ["name", "value", ...],
/// or 0 if there are none. The text is that of the element, without its children's. Names of elements have no namespace
/// prefixes, names of attributes keep them.
[[nodiscard]] result<buffer> xml_to_tree(std::string_view document);

/// Writes the document for a sequence of tokens. Each token ends in a NUL: "<name" begins an element. "@name" is an attribute
/// of it, whose text is the next mark. "=text" is text. ">" ends the element. Fails with errc::invalid_argument for a name
/// that XML does not allow, and with errc::too_deep beyond 256 levels.
[[nodiscard]] result<buffer> tokens_to_xml(std::string_view marks);

}  // namespace twinsocket::detail
