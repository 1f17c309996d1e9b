#pragma once

// What a request asks for (RFC 9112 section 3.2), taken apart.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// Views into the target.
struct target_parts {
  std::string_view authority;  ///< Only in the absolute form, "http://example.com/path".
  std::string_view path;       ///< Begins with "/"; empty, which means the same, only in "http://example.com".
  std::string_view query;      ///< Without the "?".
};

/// Nothing for a target that is neither a path nor a URL, such as the "*" of OPTIONS, or that has a fragment.
[[nodiscard]] std::optional<target_parts> split_target(std::string_view target);

/// The segments between the slashes of a path, percent-decoded: "/a/b%2Fc" is "a" and "b/c", "/a/" is "a" and "".
/// errc::syntax for a broken percent-encoding, a NUL, and for "." and "..", which a client resolves by itself: what is
/// sent with them only tries to get out of a folder.
[[nodiscard]] result<std::vector<std::string>> path_segments(std::string_view path);

/// The first value of a name in an application/x-www-form-urlencoded query.
[[nodiscard]] std::optional<std::string> form_value(std::string_view query, std::string_view name);

}  // namespace twinsocket::detail
