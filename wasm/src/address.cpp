#include "javascript.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

// Uses the platform's URL parser, which has the Unicode tables. The caller has rejected all characters that end a host.
std::string domain_to_ascii(std::string_view name) {
  const std::string url = normalize_url("ws://" + std::string(name));
  constexpr std::size_t scheme = 5;
  return url.size() > scheme ? url.substr(scheme, url.find('/', scheme) - scheme) : std::string();
}

std::string normalize_url(std::string_view text) {
  return twinsocket_js_normalize_url(text.data(), text.size()) != 0 ? take_transferred_text() : std::string();
}

}  // namespace twinsocket::detail
