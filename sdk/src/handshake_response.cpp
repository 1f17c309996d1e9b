#include "twinsocket/handshake_response.hpp"

#include <algorithm>

#include "ascii.hpp"

namespace twinsocket {

std::string_view handshake_response::header(std::string_view name) const& noexcept {
  const auto found = std::find_if(headers_.begin(), headers_.end(), [name](const header_field& field) {
    return std::equal(field.first.begin(), field.first.end(), name.begin(), name.end(),
                      [](char a, char b) { return detail::ascii_lower(a) == detail::ascii_lower(b); });
  });
  return found == headers_.end() ? std::string_view() : std::string_view(found->second);
}

}  // namespace twinsocket
