#pragma once

#include <iostream>
#include <string_view>

/// Says how a program is used, and gives its exit code.
inline int tell_usage(std::string_view program, std::string_view words) {
  program.remove_prefix(program.rfind('/') + 1);  // npos + 1 is 0.
  std::cerr << "usage: " << program << ' ' << words << '\n';
  return 2;
}
