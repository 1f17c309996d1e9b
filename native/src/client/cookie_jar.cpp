#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <optional>
#include <utility>

#include "client/cookie_date.hpp"
#include "http/field_value.hpp"
#include "http/text.hpp"
#include "twinsocket/native/cookies.hpp"
#include "url/host.hpp"

namespace twinsocket {
inline namespace native {

namespace {

using detail::iequals;
using detail::next_element;
using detail::trimmed;

bool is_address(const std::string& host) {
  boost::system::error_code failure;
  static_cast<void>(boost::asio::ip::make_address(host, failure));
  return !failure;
}

// RFC 6265 section 5.1.3.
bool domain_matches(const std::string& host, const std::string& domain) {
  return host == domain || (!is_address(host) && host.ends_with("." + domain));
}

// Section 5.1.4.
bool path_matches(std::string_view path, std::string_view of_cookie) {
  return path == of_cookie ||
         (path.starts_with(of_cookie) && (of_cookie.ends_with('/') || path[of_cookie.size()] == '/'));
}

std::string_view path_of(const url& address) {
  const std::string_view target = address.target();
  return target.substr(0, target.find('?'));
}

std::string default_path(std::string_view path) {
  const std::size_t last = path.rfind('/');
  return last == 0 || last == std::string_view::npos ? "/" : std::string(path.substr(0, last));
}

// RFC 6265 section 5.2.2: Max-Age in seconds from now. Ignored if it is not a number.
std::optional<cookie_jar::time_point> parse_max_age(std::string_view seconds, cookie_jar::time_point now) {
  const bool negative = seconds.starts_with('-');
  if (negative) seconds.remove_prefix(1);
  if (seconds.empty() || seconds.find_first_not_of("0123456789") != std::string_view::npos) return {};
  if (negative) return cookie_jar::time_point::min();
  constexpr std::int64_t most = 400L * 24 * 60 * 60;  // The maximum of browsers: 400 days.
  std::int64_t count = 0;
  for (const char c : seconds) count = std::min(most, count * 10 + (c - '0'));
  return count == 0 ? cookie_jar::time_point::min() : now + std::chrono::seconds(count);
}

}  // namespace

void cookie_jar::store(const url& from, std::string_view set_cookie, time_point now) {
  if (!detail::is_field_value(set_cookie)) return;
  std::string_view rest = set_cookie;
  const std::string_view pair = next_element(rest, ';');
  const std::size_t equals = pair.find('=');
  if (equals == std::string_view::npos || pair.size() > max_bytes) return;
  cookie one;
  one.name = trimmed(pair.substr(0, equals));
  one.value = trimmed(pair.substr(equals + 1));
  if (one.name.empty()) return;
  one.domain = from.host();
  one.path = default_path(path_of(from));

  std::optional<time_point> expires;
  std::optional<time_point> max_age;
  bool path_given = false;
  while (!rest.empty()) {
    const std::string_view attribute = next_element(rest, ';');
    const std::size_t split = attribute.find('=');
    const std::string_view name = trimmed(attribute.substr(0, split));
    const std::string_view value = split == std::string_view::npos ? "" : trimmed(attribute.substr(split + 1));
    if (iequals(name, "Secure")) {
      one.secure = true;
    } else if (iequals(name, "Path")) {
      path_given = value.starts_with('/');
      one.path = path_given ? std::string(value) : default_path(path_of(from));
    } else if (iequals(name, "Domain") && !value.empty()) {
      // RFC 6265 section 5.1.2: the domain is converted to ASCII.
      detail::url_host domain;
      if (!detail::parse_host(value.starts_with('.') ? value.substr(1) : value, detail::domain_to_ascii, domain)
               .empty())
        return;
      one.domain = std::move(domain.name);
      one.host_only = false;
    } else if (iequals(name, "Expires")) {
      if (const auto time = detail::parse_cookie_date(value)) expires = *time;
    } else if (iequals(name, "Max-Age")) {
      if (const auto time = parse_max_age(value, now)) max_age = *time;
    }
  }
  one.expires = max_age ? *max_age : expires.value_or(time_point::max());

  if (!one.host_only) {
    if (!domain_matches(from.host(), one.domain)) return;
    // An address, or a name without a dot such as a top-level domain, is only accepted if it is the host itself.
    if (is_address(one.domain) || one.domain.find('.') == std::string::npos) {
      if (one.domain != from.host()) return;
      one.host_only = true;
    }
  }
  if (one.secure && !from.secure()) return;
  // RFC 6265bis section 4.1.3.
  if (iequals(std::string_view(one.name).substr(0, 9), "__Secure-") && !one.secure) return;
  if (iequals(std::string_view(one.name).substr(0, 7), "__Host-") &&
      (!one.secure || !one.host_only || !path_given || one.path != "/"))
    return;

  // RFC 6265bis section 5.7: a cookie from a connection without TLS must not overwrite or hide a secure cookie.
  const auto hidden = [&](const cookie& other) {
    return other.secure && other.name == one.name && path_matches(one.path, other.path) &&
           (domain_matches(one.domain, other.domain) || domain_matches(other.domain, one.domain));
  };
  if (!from.secure() && std::any_of(cookies_.begin(), cookies_.end(), hidden)) return;

  const auto same = std::find_if(cookies_.begin(), cookies_.end(), [&](const cookie& other) {
    return other.name == one.name && other.domain == one.domain && other.path == one.path;
  });
  one.created = one.last_used = ++use_count_;
  if (same != cookies_.end()) {
    one.created = same->created;
    cookies_.erase(same);
  }
  if (one.expires <= now) return;
  evict(one.domain, now);
  cookies_.push_back(std::move(one));
}

std::string cookie_jar::header(const url& to, time_point now) {
  std::erase_if(cookies_, [&](const cookie& one) { return one.expires <= now; });
  const std::string_view path = path_of(to);
  std::vector<cookie*> matching;
  for (cookie& one : cookies_)
    if ((one.host_only ? one.domain == to.host() : domain_matches(to.host(), one.domain)) &&
        path_matches(path, one.path) && (to.secure() || !one.secure))
      matching.push_back(&one);
  std::sort(matching.begin(), matching.end(), [](const cookie* a, const cookie* b) {
    return a->path.size() != b->path.size() ? a->path.size() > b->path.size() : a->created < b->created;
  });
  std::string text;
  ++use_count_;
  for (cookie* const one : matching) {
    one->last_used = use_count_;
    text += (text.empty() ? "" : "; ") + one->name + "=" + one->value;
  }
  return text;
}

void cookie_jar::evict(const std::string& domain, time_point now) {
  std::erase_if(cookies_, [&](const cookie& one) { return one.expires <= now; });
  const auto used_before = [](const cookie& a, const cookie& b) { return a.last_used < b.last_used; };
  const auto of_domain = [&](const cookie& one) { return one.domain == domain; };
  if (static_cast<std::size_t>(std::count_if(cookies_.begin(), cookies_.end(), of_domain)) >= max_per_domain) {
    auto oldest = cookies_.end();
    for (auto one = cookies_.begin(); one != cookies_.end(); ++one)
      if (of_domain(*one) && (oldest == cookies_.end() || used_before(*one, *oldest))) oldest = one;
    cookies_.erase(oldest);
  }
  if (cookies_.size() >= max_cookies) cookies_.erase(std::min_element(cookies_.begin(), cookies_.end(), used_before));
}

}  // namespace native
}  // namespace twinsocket
