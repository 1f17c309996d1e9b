#pragma once

#include <iostream>
#include <string_view>

/// Prints the usage line and returns the exit code 2.
inline int print_usage(std::string_view program, std::string_view arguments) {
  program.remove_prefix(program.rfind('/') + 1);  // npos + 1 is 0.
  std::cerr << "usage: " << program << ' ' << arguments << '\n';
  return 2;
}
