#pragma once

// Conditional requests and ranges: selects the part of a file to send (RFC 9110 sections 13 and 14).

#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "twinsocket/native/request.hpp"

namespace twinsocket::detail {

/// The file that is requested.
struct representation {
  std::string etag;  ///< Strong, with its quotes.
  std::time_t modified = 0;
  std::uint64_t size = 0;
};

/// The status, and the part of the file to send.
struct selection {
  unsigned status = 200;  ///< 200, 206, 304, 412 or 416.
  std::uint64_t first = 0;
  std::uint64_t size = 0;  ///< 0 unless the status is 200 or 206.

  friend bool operator==(const selection&, const selection&) = default;
};

/// For GET and HEAD. Serves a single range. Several ranges and unsupported Range headers select the whole file, as section
/// 14.2 allows.
[[nodiscard]] selection select_range(const request& req, const representation& whole);

/// The content codings "br" and "gzip" in the client's order of preference (section 12.5.3), "" for none.
struct coding_preference {
  std::string_view first;
  std::string_view second;
};
[[nodiscard]] coding_preference preferred_codings(const request& req);

}  // namespace twinsocket::detail
