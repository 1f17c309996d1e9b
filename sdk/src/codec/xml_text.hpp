#pragma once

#include <string_view>

#include "codec/output.hpp"

namespace twinsocket::detail {

/// Writes text or the value of an attribute as Go's xml.EscapeText does: nothing in it can be taken for markup or be
/// changed by a reader, and what XML does not allow becomes U+FFFD.
void write_xml_text(output& out, std::string_view text);

}  // namespace twinsocket::detail
