#pragma once

// The chunked transfer coding (RFC 9112 section 7.1), without extensions and trailers. Beast decodes it.

#include <string>
#include <string_view>

namespace twinsocket::detail {

/// Appends one chunk. `content` must not be empty: that would be the last chunk.
void append_chunk(std::string& to, std::string_view content);

/// Ends the content.
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

}  // namespace twinsocket::detail
