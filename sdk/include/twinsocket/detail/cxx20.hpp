#pragma once

// Every public header begins with this one, so that a compiler that is set to an older standard says one sentence.

#if __cplusplus < 202002L
#error "twinsocket needs C++20: compile with -std=c++20, in CMake target_compile_features(your_target PRIVATE cxx_std_20)"
// There is no such file: the compiler stops here, before hundreds of errors that follow from the first.
#include "twinsocket needs C++20"
#endif
