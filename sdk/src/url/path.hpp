#pragma once

#include <string>
#include <string_view>

namespace twinsocket::detail {

/// The normalized path of a URL (WHATWG URL section 4.4, "path state"): percent-encoded, without dot segments, starting
/// with "/". If `base` is not empty, `text` is relative to it, replaces its last segment and has no leading slash.
[[nodiscard]] std::string normalize_path(std::string_view base, std::string_view text);

}  // namespace twinsocket::detail
