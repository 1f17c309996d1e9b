#pragma once

#include <string_view>

#include "codec/output_buffer.hpp"

namespace twinsocket::detail {

/// Writes a string with its quotes, escaped like JSON.stringify. False if the text is not valid UTF-8.
[[nodiscard]] bool write_json_string(output_buffer& out, std::string_view text);

}  // namespace twinsocket::detail
