#pragma once

#include <string>
#include <string_view>

namespace twinsocket::detail {

/// The path of a URL (WHATWG URL section 4.4, "path state"): percent-encoded, without dot segments, beginning with "/".
/// `base` is the path that it is relative to, whose last segment it replaces; `text` begins without a slash then.
[[nodiscard]] std::string normal_path(std::string_view base, std::string_view text);

}  // namespace twinsocket::detail
