#pragma once

// The payload of a close frame (RFC 6455 section 5.5.1): empty, or a code and a reason.

#include <cstddef>
#include <span>
#include <string_view>

#include "protocol/frame.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// A parsed close payload. `why` is errc::ok, or the violation: protocol_violation for a payload of one byte,
/// invalid_close_code for a `code` that must not be sent, invalid_utf8 for a reason that is not valid UTF-8.
struct parsed_close {
  close_code code = close_code::no_status;  ///< As in the payload; no_status if it is empty.
  std::string_view reason{};                ///< A view into the payload; empty after a violation.
  errc why = errc::ok;
};

[[nodiscard]] parsed_close parse_close(std::span<const std::byte> payload) noexcept;

/// Writes code and reason, and returns their size: at most max_control_payload bytes, and 0 for no_status, which is never
/// sent. A reason that is too long is truncated by truncate_reason().
std::size_t encode_close(close_code code, std::string_view reason, std::byte* out) noexcept;

/// As much of the text as fits in a close frame (max_close_reason bytes), cut at a character boundary.
[[nodiscard]] std::string_view truncate_reason(std::string_view reason) noexcept;

}  // namespace twinsocket::detail
