#pragma once

// Parses the target of a request (RFC 9112 section 3.2).

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// The parts of a target, as views into it.
struct target_parts {
  std::string_view authority;  ///< Only in the absolute form, "http://example.com/path".
  std::string_view path;       ///< Begins with "/". Empty only for "http://example.com", which means "/".
  std::string_view query;      ///< Without the "?".
};

/// Empty for a target with a fragment, and for one that is neither a path nor a URL, such as the "*" of OPTIONS.
[[nodiscard]] std::optional<target_parts> split_target(std::string_view target);

/// The percent-decoded segments of a path: "/a/b%2Fc" gives "a" and "b/c", "/a/" gives "a" and "". errc::malformed for an
/// invalid percent-encoding, for a NUL, and for "." and "..". Clients resolve those themselves, so a request with them is an
/// attempt to leave a folder.
[[nodiscard]] result<std::vector<std::string>> path_segments(std::string_view path);

/// The first value of `name` in an application/x-www-form-urlencoded query.
[[nodiscard]] std::optional<std::string> form_value(std::string_view query, std::string_view name);

}  // namespace twinsocket::detail
