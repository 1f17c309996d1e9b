#pragma once

#include <string_view>

namespace twinsocket::detail {

/// The Content-Type for a file name's extension. "application/octet-stream" if it is unknown.
[[nodiscard]] std::string_view media_type(std::string_view file_name);

}  // namespace twinsocket::detail
