#pragma once

// Aborts the program because of a mistake in it, with an error message that names the mistake.

#include "twinsocket/detail/cxx20.hpp"

namespace twinsocket::detail {

/// Writes the message to the platform's error output and aborts. From any thread.
[[noreturn]] void fatal(const char* sentence) noexcept;

}  // namespace twinsocket::detail
