#include "twinsocket/url.hpp"

#include <algorithm>
#include <charconv>

#include "ascii.hpp"
#include "protocol/utf8.hpp"
#include "url/host.hpp"
#include "url/loopback.hpp"
#include "url/path.hpp"
#include "url/percent.hpp"

namespace twinsocket {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// The URL, which is UTF-8, for an error message, without its query. Empty if it may contain a password.
std::string quote_for_error(std::string_view text) {
  text = text.substr(0, text.find('?'));
  if (text.find('@') != std::string_view::npos) return {};
  std::string out = " in \"";
  for (const char c : text.substr(0, 200)) {
    if (static_cast<unsigned char>(c) >= ' ' && c != '\x7f') out += c;
  }
  // Removes a partial character at the end.
  while (!detail::is_valid_utf8(out)) out.pop_back();
  return out + "\"";
}

error refused(const std::string& what, std::string_view text) {
  return {errc::invalid_url, what + quote_for_error(text)};
}

// Removes what the URL parser removes first: leading and trailing C0 controls and spaces, and all tabs and newlines.
std::string strip_white_space(std::string_view text) {
  const auto is_edge = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
  while (!text.empty() && is_edge(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_edge(text.back())) text.remove_suffix(1);
  std::string out(text);
  std::erase_if(out, [](char c) { return c == '\t' || c == '\n' || c == '\r'; });
  return out;
}

// The scheme in lower case, or "" if there is none.
std::string scheme_of(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text[0])) return {};
  std::string scheme(text.substr(0, colon));
  const bool all = std::all_of(scheme.begin(), scheme.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
  });
  if (!all) return {};
  std::transform(scheme.begin(), scheme.end(), scheme.begin(), detail::ascii_lower);
  return scheme;
}

bool is_slash(char c) { return c == '/' || c == '\\'; }

}  // namespace

// The basic URL parser (WHATWG URL section 4.4) for special schemes.
result<url> url::parse(std::string_view address, const url* base, detail::domain_to_ascii_function to_ascii) {
  if (!detail::is_valid_utf8(address)) return error(errc::invalid_url, "the address is not UTF-8");
  const std::string text = strip_white_space(address);
  std::string_view rest = text;
  url parsed;

  if (const std::string scheme = scheme_of(text); !scheme.empty()) {
    parsed.secure_ = scheme == "wss" || scheme == "https";
    if (!parsed.secure_ && scheme != "ws" && scheme != "http")
      return refused("the scheme \"" + scheme.substr(0, 50) + "\" (supported: ws, wss, http, https)", text);
    rest.remove_prefix(scheme.size() + 1);
    if (base && base->secure_ != parsed.secure_) base = nullptr;
  } else if (base) {
    parsed.secure_ = base->secure_;
  } else {
    return refused("no scheme (ws:// or wss://)", text);
  }
  parsed.port_ = parsed.secure_ ? 443 : 80;

  // RFC 6455 section 3: fragment identifiers must not be used.
  const std::size_t fragment = rest.find('#');
  rest = rest.substr(0, fragment);

  const std::size_t slashes = std::min(rest.find_first_not_of("/\\"), rest.size());
  const bool has_authority = !base || slashes >= 2;
  if (has_authority) {
    rest.remove_prefix(slashes);
    std::string_view authority = rest.substr(0, rest.find_first_of("/\\?"));
    rest.remove_prefix(authority.size());
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
      if (at != 0 && authority.substr(0, at) != ":")
        return error(errc::invalid_url, "user information before the host");
      authority.remove_prefix(at + 1);
    }
    const std::size_t bracket = authority.starts_with('[') ? std::min(authority.find(']'), authority.size()) : 0;
    const std::size_t colon = std::min(authority.find(':', bracket), authority.size());
    detail::url_host host;
    const std::string wrong = detail::parse_host(authority.substr(0, colon), to_ascii, host);
    if (!wrong.empty()) return refused(wrong, text);
    parsed.host_ = std::move(host.name);
    parsed.zone_ = std::move(host.zone);
    if (const std::string_view port = authority.substr(std::min(colon + 1, authority.size())); !port.empty()) {
      unsigned value = 0;
      const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), value);
      if (failure != std::errc() || end != port.data() + port.size() || value == 0 || value > 65'535)
        return refused("the port \"" + std::string(port.substr(0, 20)) + "\" (allowed: 1 to 65535)", text);
      parsed.port_ = static_cast<std::uint16_t>(value);
    }
  } else {
    parsed.host_ = base->host_;
    parsed.zone_ = base->zone_;
    parsed.port_ = base->port_;
  }
  if (fragment != std::string_view::npos) return refused("a fragment (#)", text);

  const std::string_view path = rest.substr(0, rest.find('?'));
  const std::string_view of_base = has_authority ? std::string_view() : std::string_view(base->target_);
  const std::string_view base_path = of_base.substr(0, of_base.find('?'));
  if (!path.empty() && is_slash(path.front())) {
    parsed.target_ = detail::normalize_path({}, path.substr(1));
  } else if (!path.empty() || has_authority) {
    parsed.target_ = detail::normalize_path(base_path, path);
  } else {
    parsed.target_ = path.size() == rest.size() ? of_base : base_path;
  }
  if (path.size() != rest.size()) {
    parsed.target_ += '?';
    detail::percent_encode(rest.substr(path.size() + 1), detail::percent_set::query, parsed.target_);
  }
  return parsed;
}

std::string url::authority() const {
  std::string text = detail::host_in_url(host_);
  if (port_ != (secure_ ? 443 : 80)) text += ":" + std::to_string(port_);
  return text;
}

std::string url::text() const {
  std::string host = authority();
  if (!zone_.empty()) host.insert(host.find(']'), "%25" + zone_);
  return (secure_ ? "wss://" : "ws://") + host + target_;
}

bool detail::is_loopback(std::string_view address) {
  const auto parsed = url::parse(address, nullptr, [](std::string_view) { return std::string(); });
  return parsed && is_loopback_host(parsed->host());
}

}  // namespace twinsocket
