#pragma once

// Confines running out of memory to one operation.

#include <new>

namespace twinsocket::detail {

/// Calls a function. Returns false if it throws std::bad_alloc. Other exceptions pass through. Compiled without exceptions,
/// running out of memory ends the program.
template <class F>
[[nodiscard]] bool attempt(F&& function) {
#if defined(__cpp_exceptions)
  try {
    function();
    return true;
  } catch (const std::bad_alloc&) {
    return false;
  }
#else
  function();
  return true;
#endif
}

}  // namespace twinsocket::detail
