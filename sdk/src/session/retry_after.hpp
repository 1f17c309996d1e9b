#pragma once

// The delay that a server requests before the next attempt.

#include <chrono>
#include <optional>
#include <string_view>

namespace twinsocket::detail {

/// The value of a Retry-After header field (RFC 9110 section 10.2.3). Empty for an HTTP date, which is not supported.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view value) noexcept;

/// The same after "Retry-After: " at the end of a close reason.
[[nodiscard]] std::optional<std::chrono::seconds> find_retry_after(std::string_view reason) noexcept;

}  // namespace twinsocket::detail
