#pragma once

// Serializes the header of a response (RFC 9112 section 4).

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/native/response.hpp"

namespace twinsocket::detail {

/// Asks the client for the content of its request (RFC 9110 section 15.2.1).
inline constexpr std::string_view continue_response = "HTTP/1.1 100 Continue\r\n\r\n";

/// What the server adds to a response.
struct response_head_options {
  const std::vector<header_field>& common;          ///< Added if the response has no header of that name.
  std::span<const header_field> added{};            ///< The same for this request only. Set-Cookie is always added.
  std::optional<std::uint64_t> content_length = 0;  ///< Empty if unknown: chunked, or ends with the connection.
  bool chunked = false;                             ///< Use the chunked transfer coding.
  bool keep_alive = true;
};

/// The header of a response, including its final empty line.
[[nodiscard]] std::string serialize_response_head(const response& r, const response_head_options& frame);

/// The reason why headers of the application are invalid: a name that is not a token, a value with control characters, or a
/// header that the server sets itself. Empty if all are valid.
[[nodiscard]] std::string find_invalid_header(const std::vector<header_field>& headers);

/// True for a status whose response has no content (RFC 9110 section 6.4.1).
[[nodiscard]] constexpr bool has_no_content(unsigned status) noexcept {
  return status < 200 || status == 204 || status == 304;
}

}  // namespace twinsocket::detail
