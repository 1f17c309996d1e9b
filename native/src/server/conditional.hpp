#pragma once

// Which part of a file a request is answered with, if any (RFC 9110 sections 13 and 14).

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "twinsocket/native/request.hpp"

namespace twinsocket::detail {

/// What there is to send.
struct representation {
  std::string etag;  ///< Strong, with its quotes.
  std::time_t modified = 0;
  std::uint64_t size = 0;
};

/// What is sent of it.
struct selection {
  unsigned status = 200;  ///< 200, 206, 304, 412 or 416.
  std::uint64_t first = 0;
  std::uint64_t size = 0;  ///< 0 unless the status is 200 or 206.

  friend bool operator==(const selection&, const selection&) = default;
};

/// For a GET or HEAD. One range is served; for several, and for what is not understood, the whole, as section 14.2
/// allows.
[[nodiscard]] selection select_part(const request& asked, const representation& whole);

/// The coding that the client likes best of "br" and "gzip" (section 12.5.3), "" for the file as it is.
struct coding_preference {
  std::string_view first;
  std::string_view second;
};
[[nodiscard]] coding_preference preferred_codings(const request& asked);

}  // namespace twinsocket::detail
