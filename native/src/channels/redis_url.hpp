#pragma once

// The address of a Redis server: redis://[user:password@]host[:port][/database], or rediss:// for TLS.

#include <cstdint>
#include <string>
#include <string_view>

#include "twinsocket/error.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

struct redis_url {
  url address;  ///< The host and the port, as ws:// or, with TLS, wss://.
  std::string user;
  std::string password;
  std::uint32_t database = 0;
};

/// errc::invalid_argument. Its text contains no part of the URL, because a password that is not percent-encoded may be anywhere in
/// it.
[[nodiscard]] result<redis_url> parse_redis_url(std::string_view text);

}  // namespace twinsocket::detail
