#pragma once

// The payload of a close frame (RFC 6455 section 5.5.1): nothing, or a code and a reason.

#include <cstddef>
#include <span>
#include <string_view>

#include "protocol/frame.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// What a close payload says. Other than errc::ok in `why` is a broken rule: protocol_violation is a payload of one byte,
/// invalid_close_code a `code` that may not be sent, and invalid_utf8 a reason that is not UTF-8.
struct parsed_close {
  close_code code = close_code::no_status;  ///< As it is in the payload; no_status where there is none.
  std::string_view reason{};                ///< A view into the payload; empty where a rule is broken.
  errc why = errc::ok;
};

[[nodiscard]] parsed_close parse_close(std::span<const std::byte> payload) noexcept;

/// Writes code and reason, at most max_control_payload bytes, and returns how many: none for no_status, which is never
/// sent. A reason that is too long is cut by fit_reason.
std::size_t encode_close(close_code code, std::string_view reason, std::byte* out) noexcept;

/// As much of the text as fits in a close frame (max_close_reason bytes), ending at a character's border.
[[nodiscard]] std::string_view fit_reason(std::string_view reason) noexcept;

}  // namespace twinsocket::detail
