#pragma once

#include <string_view>

#include "codec/output_buffer.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// Writes a text or attribute value like Go's xml.EscapeText: it cannot be mistaken for markup, and a parser does not
/// change it. False for a character that XML does not permit (section 2.2), where Go writes U+FFFD.
[[nodiscard]] bool write_xml_text(output_buffer& out, std::string_view text);

/// The error: errc::invalid_utf8, or errc::invalid_argument with the character and its position.
[[nodiscard]] error xml_text_flaw(std::string_view text);

}  // namespace twinsocket::detail
