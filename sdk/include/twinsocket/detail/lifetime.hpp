#pragma once

// TWINSOCKET_LIFETIMEBOUND behind a function: what it returns refers to the object. Compilers that know the attribute warn
// where a temporary's view is kept.

#include "twinsocket/detail/cxx20.hpp"

#if defined(__has_cpp_attribute)
#if __has_cpp_attribute(clang::lifetimebound)
#define TWINSOCKET_LIFETIMEBOUND [[clang::lifetimebound]]
#endif
#endif
#if !defined(TWINSOCKET_LIFETIMEBOUND)
#define TWINSOCKET_LIFETIMEBOUND
#endif
