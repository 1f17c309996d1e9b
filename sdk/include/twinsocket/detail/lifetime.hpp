#pragma once

// TWINSOCKET_LIFETIMEBOUND after a function: its result refers to the object. Compilers that have the attribute warn
// when a view of a temporary is kept.

#include "twinsocket/detail/cxx20.hpp"

#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define TWINSOCKET_LIFETIMEBOUND [[clang::lifetimebound]]
#endif
#endif
#if !defined(TWINSOCKET_LIFETIMEBOUND)
#define TWINSOCKET_LIFETIMEBOUND
#endif
