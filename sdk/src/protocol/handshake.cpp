#include "protocol/handshake.hpp"

#include <algorithm>
#include <array>

#include "ascii.hpp"
#include "protocol/base64.hpp"
#include "protocol/sha1.hpp"

namespace twinsocket::detail {

namespace {

bool iequals(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return ascii_lower(x) == ascii_lower(y); });
}

// Takes the next element from the front of a comma-separated list, without surrounding white space. It may be empty; the
// caller skips empty elements, as RFC 9110 section 5.6.1.2 requires.
std::string_view next_element(std::string_view& list) noexcept {
  const std::size_t comma = list.find(',');
  std::string_view element = list.substr(0, comma);
  list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!element.empty() && is_space(element.front())) element.remove_prefix(1);
  while (!element.empty() && is_space(element.back())) element.remove_suffix(1);
  return element;
}

}  // namespace

std::string accept_key(std::string_view key) {
  std::string text(key);
  text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  return encode_base64(sha1(std::as_bytes(std::span(text.data(), text.size()))));
}

std::string make_key(random_source random) {
  std::array<std::byte, 16> nonce;
  random(nonce);
  return encode_base64(nonce);
}

bool is_valid_key(std::string_view key) noexcept { return decoded_base64_size(key) == 16U; }

bool has_token(std::string_view header_value, std::string_view token) noexcept {
  while (!header_value.empty())
    if (iequals(next_element(header_value), token)) return true;
  return false;
}

bool is_token(std::string_view text) noexcept {
  const auto is_tchar = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), is_tchar);
}

bool parse_subprotocols(std::string_view header_value, std::vector<std::string_view>& names) {
  while (!header_value.empty()) {
    const std::string_view name = next_element(header_value);
    if (name.empty()) continue;
    if (!is_token(name) || std::find(names.begin(), names.end(), name) != names.end()) return false;
    names.push_back(name);
  }
  return true;
}

std::string_view select_subprotocol(std::span<const std::string> server_preferences,
                                    std::span<const std::string_view> offered) noexcept {
  for (const std::string& name : server_preferences)
    if (std::find(offered.begin(), offered.end(), name) != offered.end()) return name;
  return {};
}

}  // namespace twinsocket::detail
