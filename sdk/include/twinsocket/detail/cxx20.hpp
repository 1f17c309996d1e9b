#pragma once

// Every public header includes this one first, so that a compiler set to an older standard reports one clear error.

// Visual C++ says the standard in a macro of its own, unless it is called with /Zc:__cplusplus.
#if __cplusplus < 202002L && (!defined(_MSVC_LANG) || _MSVC_LANG < 202002L)
#error \
    "twinsocket needs C++20: compile with -std=c++20, in CMake target_compile_features(your_target PRIVATE cxx_std_20)"
// This file does not exist. The compiler stops here, before hundreds of subsequent errors.
#include "twinsocket needs C++20"
#endif
