#pragma once

#include <string_view>

#include "codec/output.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// Writes text or the value of an attribute as Go's xml.EscapeText does: nothing in it can be taken for markup or be
/// changed by a reader. Returns false at what XML does not allow (section 2.2), where Go puts U+FFFD.
[[nodiscard]] bool write_xml_text(output& out, std::string_view text);

/// Why: errc::invalid_utf8, or errc::invalid_argument with the character and where it is.
[[nodiscard]] error xml_text_flaw(std::string_view text);

}  // namespace twinsocket::detail
