#pragma once

#include <string_view>

namespace twinsocket::detail {

/// The Content-Type of a file by the end of its name; "application/octet-stream" where it is not known.
[[nodiscard]] std::string_view media_type(std::string_view file_name);

}  // namespace twinsocket::detail
