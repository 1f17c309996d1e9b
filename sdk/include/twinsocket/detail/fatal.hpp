#pragma once

// Ending the program where it cannot go on because of a mistake in it, with a sentence that says which.

#include "twinsocket/detail/cxx20.hpp"

namespace twinsocket::detail {

/// Writes the sentence to where the platform shows errors, and aborts. From any thread.
[[noreturn]] void fatal(const char* sentence) noexcept;

}  // namespace twinsocket::detail
