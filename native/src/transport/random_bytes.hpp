#pragma once

#include <cstddef>
#include <span>

namespace twinsocket::detail {

/// Fills `out` with cryptographically secure random bytes. Aborts the program if there are none.
void random_bytes(std::span<std::byte> out);

}  // namespace twinsocket::detail
