#include "twinsocket/handshake_response.hpp"

#include <algorithm>

namespace twinsocket {

namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

std::string_view handshake_response::header(std::string_view name) const& noexcept {
  const auto found = std::find_if(headers_.begin(), headers_.end(), [name](const header_field& field) {
    return std::equal(field.first.begin(), field.first.end(), name.begin(), name.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
  });
  return found == headers_.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace twinsocket
