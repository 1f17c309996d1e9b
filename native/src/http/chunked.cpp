#include "http/chunked.hpp"

#include <array>
#include <charconv>

namespace twinsocket::detail {

void append_chunk(std::string& to, std::string_view content) {
  std::array<char, 16> size;
  char* const end = std::to_chars(size.data(), size.data() + size.size(), content.size(), 16).ptr;
  to.append(size.data(), end).append("\r\n").append(content).append("\r\n");
}

}  // namespace twinsocket::detail
