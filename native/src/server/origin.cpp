#include "server/origin.hpp"

#include <algorithm>
#include <utility>

#include "http/host.hpp"
#include "http/text.hpp"

namespace twinsocket::detail {

namespace {

bool is_port(std::string_view text) {
  return text == "*" ||
         (!text.empty() && text.size() <= 5 && text.find_first_not_of("0123456789") == std::string_view::npos);
}

std::string_view default_port(std::string_view scheme) {
  if (iequals(scheme, "https") || iequals(scheme, "wss")) return "443";
  if (iequals(scheme, "http") || iequals(scheme, "ws")) return "80";
  return {};
}

// A "*" matches any run of characters. Backtracks to the last "*" only, which is sufficient and bounds the time by the
// product of both lengths.
bool matches(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && to_lower(pattern[p]) == to_lower(text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool is_loopback(std::string_view host) { return iequals(host, "localhost") || host == "[::1]" || host == "127.0.0.1"; }

bool is_same_host(std::string_view a, std::string_view b) {
  return iequals(a, b) || (is_loopback(a) && is_loopback(b));
}

bool matches(const origin_parts& pattern, const origin_parts& origin) {
  if (pattern.scheme != "*" && !iequals(pattern.scheme, origin.scheme)) return false;
  if (!matches(pattern.host, origin.host)) return false;
  const std::string_view own = default_port(origin.scheme);
  return pattern.port == "*" ||
         (pattern.port.empty() ? own : pattern.port) == (origin.port.empty() ? own : origin.port);
}

}  // namespace

std::optional<origin_parts> split_origin(std::string_view text, bool is_pattern) {
  origin_parts parts;
  if (!is_pattern && text.find('*') != std::string_view::npos) return {};
  const std::size_t scheme = text.find("://");
  if (scheme == std::string_view::npos || scheme == 0) return {};
  parts.scheme = text.substr(0, scheme);
  const auto [host, port, has_port] = split_port(text.substr(scheme + 3));
  if (has_port && !is_port(port)) return {};
  parts.host = host;
  parts.port = port;
  if (parts.host.empty() || parts.host.find_first_of("/?#@\\ ") != std::string_view::npos) return {};
  return parts;
}

result<origin_policy> origin_policy::make(std::vector<std::string> patterns, bool any) {
  for (const std::string& pattern : patterns)
    if (pattern != "null" && !split_origin(pattern, true))
      return error(errc::invalid_argument,
                   "the origin \"" + pattern + "\" is not of the form scheme://host or scheme://host:port");
  origin_policy policy;
  policy.patterns_ = std::move(patterns);
  policy.any_ = any;
  return policy;
}

bool origin_policy::allows(std::string_view origin, std::string_view host, std::string_view scheme) const {
  if (any_) return true;
  if (origin == "null") return std::find(patterns_.begin(), patterns_.end(), "null") != patterns_.end();
  // A browser's origin has no path (RFC 6454 section 6.2). Go's x/net/websocket sends a URL that its program chooses,
  // usually "http://localhost/". Such a URL need not name the port.
  const bool is_url = origin.ends_with('/');
  if (is_url) origin.remove_suffix(1);
  const auto page = split_origin(origin, false);
  if (!page) return false;
  // A proxy may terminate TLS, so the page's scheme may differ from that of this connection. It is compared only with a
  // scheme that the proxy names.
  const std::string own = std::string(scheme.empty() ? page->scheme : scheme) + "://" + std::string(host);
  const auto here = split_origin(own, false);
  return (here && (matches(*here, *page) || (is_url && is_same_host(here->host, page->host)))) ||
         std::any_of(patterns_.begin(), patterns_.end(), [&](const std::string& pattern) {
           return pattern != "null" && matches(*split_origin(pattern, true), *page);
         });
}

}  // namespace twinsocket::detail
