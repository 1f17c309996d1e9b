#pragma once

// XML for js/xml.ts, which knows the described types: a document becomes a tree as JSON text, and marks become a
// document. What is read and written is what the C++ codec reads and writes.

#include <string_view>

#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// The tree of a document: ["name", line, attributes, "its text", children...]. Attributes are ["name", "value", ...], or
/// 0 where there are none. Names are without the prefixes of namespaces, but for those of attributes.
[[nodiscard]] result<buffer> xml_to_tree(std::string_view document);

/// The document that marks stand for. Each ends in a NUL: "<name" begins an element, "@name" an attribute of it, whose
/// text comes next; "=text" is text, ">" ends the element. errc::invalid_argument for a name that XML does not allow,
/// errc::too_deep for more than 256 levels.
[[nodiscard]] result<buffer> marks_to_xml(std::string_view marks);

}  // namespace twinsocket::detail
