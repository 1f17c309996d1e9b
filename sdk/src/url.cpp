#include "twinsocket/url.hpp"

#include <algorithm>
#include <charconv>

namespace twinsocket {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~' || c == '%';
}

bool is_address_character(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == ':' || c == '.';
}

error refused(std::string_view what, std::string_view text) {
  return {errc::invalid_url, std::string(what).append(" in \"").append(text.substr(0, 200)).append("\"")};
}

}  // namespace

result<url> url::parse(std::string_view text) {
  url parsed;
  for (const char c : text)
    if (static_cast<unsigned char>(c) <= ' ' || c == '\x7f') return refused("a space or control character", text);

  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos) return refused("no scheme (ws:// or wss://)", text);
  std::string scheme(text.substr(0, colon));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), lower);
  if (scheme != "ws" && scheme != "wss") return refused("the scheme \"" + scheme + "\" (it takes ws or wss)", text);
  parsed.secure_ = scheme == "wss";
  parsed.port_ = parsed.secure_ ? 443 : 80;

  std::string_view rest = text.substr(colon + 3);
  // RFC 6455 section 3: fragment identifiers must not be used.
  if (rest.find('#') != std::string_view::npos) return refused("a fragment (#)", text);
  const std::size_t path = std::min(rest.find_first_of("/?"), rest.size());
  const std::string_view authority = rest.substr(0, path);
  const std::string_view target = rest.substr(path);
  if (authority.find('@') != std::string_view::npos) return {error(errc::invalid_url, "user information before the host")};

  std::string_view host = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t bracket = authority.find(']');
    if (bracket == std::string_view::npos) return refused("a [ without its ]", text);
    host = authority.substr(1, bracket - 1);
    port = authority.substr(bracket + 1);
    if (!port.empty() && port.front() != ':') return refused("something between ] and the port", text);
  } else if (const std::size_t at = authority.find(':'); at != std::string_view::npos) {
    host = authority.substr(0, at);
    port = authority.substr(at);
  }
  parsed.host_ = host;
  std::transform(parsed.host_.begin(), parsed.host_.end(), parsed.host_.begin(), lower);
  if (parsed.host_.empty()) return refused("no host", text);
  const bool address = authority.starts_with('[');
  if (!std::all_of(parsed.host_.begin(), parsed.host_.end(), address ? is_address_character : is_host_character))
    return refused("a character that a host cannot have", text);

  if (port.size() > 1) {
    port.remove_prefix(1);
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), value);
    if (failure != std::errc() || end != port.data() + port.size() || value == 0 || value > 65'535)
      return refused("the port \"" + std::string(port) + "\" (it takes 1 to 65535)", text);
    parsed.port_ = static_cast<std::uint16_t>(value);
  }

  if (!target.empty()) parsed.target_ = target.front() == '?' ? "/" + std::string(target) : std::string(target);
  return parsed;
}

std::string url::authority() const {
  std::string text = host_.find(':') == std::string::npos ? host_ : "[" + host_ + "]";
  if (port_ != (secure_ ? 443 : 80)) text += ":" + std::to_string(port_);
  return text;
}

std::string url::text() const { return (secure_ ? "wss://" : "ws://") + authority() + target_; }

}  // namespace twinsocket
