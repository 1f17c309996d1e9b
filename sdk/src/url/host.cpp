#include "url/host.hpp"

#include <algorithm>

#include "ascii.hpp"
#include "protocol/utf8.hpp"
#include "url/ip_address.hpp"
#include "url/percent.hpp"

namespace twinsocket::detail {

namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// The forbidden domain code points.
bool is_forbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= ' ' || byte == 0x7f || std::string_view("#%/:<>?@[\\]^|").find(c) != std::string_view::npos;
}

bool has_punycode(std::string_view name) {
  return name.starts_with("xn--") || name.find(".xn--") != std::string_view::npos;
}

// RFC 6874 section 2: "%25" and the zone. A bare "%" is accepted too, because system tools print it.
std::string parse_zone(std::string_view text, url_host& out) {
  if (text.starts_with("25")) text.remove_prefix(2);
  out.zone = percent_decode(text);
  const bool usable = !out.zone.empty() && std::all_of(out.zone.begin(), out.zone.end(), [](char c) {
    return (ascii_lower(c) >= 'a' && ascii_lower(c) <= 'z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~").find(c) != std::string_view::npos;
  });
  return usable ? std::string() : "an invalid IPv6 zone";
}

}  // namespace

std::string parse_host(std::string_view text, domain_to_ascii_function to_ascii, url_host& out) {
  if (text.empty()) return "no host";
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return "a [ without a ]";
    text = text.substr(1, text.size() - 2);
    const std::size_t percent = std::min(text.find('%'), text.size());
    auto address = normalize_ipv6(text.substr(0, percent));
    if (!address) return "an invalid IPv6 address";
    out.name = std::move(*address);
    return percent == text.size() ? std::string() : parse_zone(text.substr(percent + 1), out);
  }
  std::string name = percent_decode(text);
  if (!is_valid_utf8(name)) return "a host that is not UTF-8";
  std::transform(name.begin(), name.end(), name.begin(), ascii_lower);
  if (std::any_of(name.begin(), name.end(), is_forbidden)) return "a character that is not allowed in a host";
  if (!is_ascii(name) || has_punycode(name)) {
    name = to_ascii(name);
    if (name.empty()) return "a host that is not a valid domain name (UTS #46)";
    if (std::any_of(name.begin(), name.end(), is_forbidden)) return "a character that is not allowed in a host";
  }
  if (ends_in_number(name)) {
    auto address = normalize_ipv4(name);
    if (!address) return "an invalid IPv4 address";
    name = std::move(*address);
  }
  out.name = std::move(name);
  return {};
}

std::string host_in_url(std::string_view name) {
  if (name.find(':') == std::string_view::npos) return std::string(name);
  return "[" + std::string(name) + "]";
}

}  // namespace twinsocket::detail
