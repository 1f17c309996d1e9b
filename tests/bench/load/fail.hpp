#pragma once

#include <cstdlib>
#include <iostream>
#include <string>

namespace bench {

/// Ends the program with one line that says why: a measurement that went wrong is none.
[[noreturn]] inline void fail(const std::string& why) {
  std::cerr << "bench_load: " << why << '\n';
  std::exit(1);
}

}  // namespace bench
