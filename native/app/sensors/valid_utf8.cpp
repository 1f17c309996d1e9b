#include "sensors/valid_utf8.hpp"

#include <algorithm>

#include "codec/unicode.hpp"

namespace twinsocket::app {

std::string to_valid_utf8(std::string_view text) {
  std::string valid;
  valid.reserve(text.size());
  while (!text.empty()) {
    const std::size_t size = detail::first_character(text).size;
    valid.append(size ? text.substr(0, size) : "\ufffd");
    text.remove_prefix(std::max<std::size_t>(size, 1));
  }
  return valid;
}

}  // namespace twinsocket::app
