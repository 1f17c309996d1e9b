#include "channels/redis_url.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include "ascii.hpp"
#include "http/percent_decoding.hpp"

namespace twinsocket::detail {

namespace {

error refused(std::string why) {
  return {errc::invalid_argument,
          "the address of the Redis server is not redis://[user:password@]host[:port][/database]: " + std::move(why)};
}

bool has_scheme(std::string_view text, std::string_view scheme) {
  return text.size() >= scheme.size() &&
         std::equal(scheme.begin(), scheme.end(), text.begin(), [](char a, char b) { return a == ascii_lower(b); });
}

/// True if an IPv6 address or a name is followed by a port.
bool has_port(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  return colon != host.npos && host.find(']', colon) == host.npos;
}

bool parse_user_information(std::string_view text, redis_url& out) {
  const std::size_t colon = text.find(':');
  auto user = percent_decode_strict(text.substr(0, colon));
  auto password = percent_decode_strict(colon == text.npos ? std::string_view() : text.substr(colon + 1));
  if (!user || !password) return false;
  out.user = std::move(*user);
  out.password = std::move(*password);
  return true;
}

}  // namespace

result<redis_url> parse_redis_url(std::string_view text) {
  const bool secure = has_scheme(text, "rediss://");
  if (!secure && !has_scheme(text, "redis://")) return refused("it has another scheme");
  text.remove_prefix(secure ? 9 : 8);

  redis_url out;
  const std::size_t slash = text.find('/');
  std::string_view host = text.substr(0, slash);
  const std::string_view path = slash == text.npos ? std::string_view() : text.substr(slash + 1);
  if (const std::size_t at = host.rfind('@'); at != host.npos) {
    if (!parse_user_information(host.substr(0, at), out))
      return refused("a \"%\" in the user or the password is not followed by two hexadecimal digits");
    if (out.password.empty()) return refused("there is a user but no password");
    host.remove_prefix(at + 1);
  }
  if (path.find('@') != path.npos) return refused("write a \"/\" in the password as %2F");
  if (host.find_first_of("?#\\") != host.npos || path.find_first_of("?#") != path.npos)
    return refused("it has a query or a fragment");
  if (host.empty()) return refused("there is no host");

  std::string address((secure ? "wss://" : "ws://") + std::string(host));
  if (!has_port(host)) address += ":6379";
  auto parsed = url::parse(address);
  if (!parsed) return refused("the host or the port is invalid");
  out.address = std::move(*parsed);

  if (!path.empty()) {
    const auto [end, failure] = std::from_chars(path.data(), path.data() + path.size(), out.database);
    if (failure != std::errc() || end != path.data() + path.size() || out.database > 0x7fff'ffff)
      return refused("the database is not a number");
  }
  return out;
}

}  // namespace twinsocket::detail
