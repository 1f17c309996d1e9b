#pragma once

// An answer as text (RFC 9112 section 4).

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "twinsocket/native/response.hpp"

namespace twinsocket::detail {

/// What the server adds to a response of somebody's.
struct reply_frame {
  const std::vector<header_field>& common;  ///< Added where the response has no header of that name.
  std::span<const header_field> added{};  ///< The same, for this request alone; Set-Cookie in any case.
  std::optional<std::uint64_t> content_length = 0;  ///< Nothing where it is not known,
  bool chunked = false;                             ///< and then the content comes in chunks, or ends with the connection.
  bool keep_alive = true;
};

/// The header of a response, up to and with its empty line.
[[nodiscard]] std::string reply_head(const response& r, const reply_frame& frame);

/// What is wrong with headers that somebody gave: a name that is no token, a value with control characters, or one that
/// the server gives itself. An empty text when nothing is.
[[nodiscard]] std::string unusable_header(const std::vector<header_field>& headers);

/// True for a status whose answer has no content (RFC 9110 section 6.4.1).
[[nodiscard]] constexpr bool has_no_content(unsigned status) noexcept {
  return status < 200 || status == 204 || status == 304;
}

}  // namespace twinsocket::detail
