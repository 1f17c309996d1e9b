#pragma once

#include <cstdlib>
#include <iostream>
#include <string>

namespace bench {

/// Prints one line with the reason and ends the program. A failed measurement must not yield a figure.
[[noreturn]] inline void fail(const std::string& why) {
  std::cerr << "bench_load: " << why << '\n';
  std::exit(1);
}

}  // namespace bench
