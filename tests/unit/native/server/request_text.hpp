#pragma once

#include <string>
#include <string_view>

/// A GET request with these header lines, each with its line ending.
inline std::string get(std::string_view target, std::string_view fields = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" + std::string(fields) + "\r\n";
}
