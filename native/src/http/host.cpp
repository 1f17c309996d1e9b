#include "http/host.hpp"

#include <algorithm>

#include "url/host.hpp"

namespace twinsocket::detail {

std::string host_with_port(std::string_view host, unsigned port) {
  return host_in_url(host) + ":" + std::to_string(port);
}

host_and_port split_port(std::string_view text) noexcept {
  const std::size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon == std::string_view::npos) return {text, {}, false};
  return {text.substr(0, colon), text.substr(colon + 1), true};
}

bool is_valid_host(std::string_view host) noexcept {
  constexpr std::string_view others = "-._~%!$&'()*+;=:[]";
  return std::all_of(host.begin(), host.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

}  // namespace twinsocket::detail
