#pragma once

// The buffer through which JavaScript and a module exchange strings and bytes.

#include <cstddef>
#include <string>

#include "twinsocket/detail/buffer.hpp"

namespace twinsocket::detail {

/// Buffer for strings and payloads in both directions. The function that is called takes the contents and leaves the buffer
/// empty.
[[nodiscard]] buffer& transfer_buffer() noexcept;
/// Returns the text in the transfer buffer and empties it.
[[nodiscard]] std::string take_transferred_text();

}  // namespace twinsocket::detail
