#include "client/proxy_address.hpp"

#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <charconv>
#include <cstdlib>

#include "client/resolver.hpp"
#include "http/host.hpp"
#include "http/percent_decoding.hpp"
#include "http/text.hpp"
#include "url/host.hpp"

namespace twinsocket::detail {

namespace {

namespace ip = boost::asio::ip;

std::optional<ip::address> parse_ip_address(const std::string& host) {
  boost::system::error_code failure;
  const auto address = ip::make_address(host, failure);
  if (failure) return {};
  return address;
}

std::string first_variable(const char* upper_case, const char* lower_case) {
  for (const char* const name : {upper_case, lower_case})
    if (const char* const value = name ? std::getenv(name) : nullptr; value && *value) return value;
  return {};
}

std::string strip_brackets(std::string_view host) {
  if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  return std::string(host);
}

// Matches one element of NO_PROXY.
bool matches_no_proxy(std::string_view rule, const url& address) {
  if (rule == "*") return true;
  const auto number = parse_ip_address(address.host());
  const std::string text(rule);
  boost::system::error_code failure;
  if (const auto network = ip::make_network_v4(text, failure); !failure && text.find('/') != std::string::npos)
    return number && number->is_v4() &&
           ip::network_v4(number->to_v4(), network.prefix_length()).canonical() == network.canonical();
  if (const auto network = ip::make_network_v6(text, failure); !failure && text.find('/') != std::string::npos)
    return number && number->is_v6() &&
           ip::network_v6(number->to_v6(), network.prefix_length()).canonical() == network.canonical();

  std::string host = strip_brackets(rule);
  // A port; the colons of an IPv6 address are not separators.
  if (const std::size_t colon = rule.rfind(':'); !parse_ip_address(host) && colon != std::string_view::npos) {
    if (rule.substr(colon + 1) != std::to_string(address.port())) return false;
    host = strip_brackets(rule.substr(0, colon));
  }
  for (char& c : host) c = to_lower(c);
  if (url_host ascii; parse_host(host, domain_to_ascii, ascii).empty() && !parse_ip_address(ascii.name))
    host = ascii.name;
  if (const auto exempt = parse_ip_address(host)) return number && *number == *exempt;
  if (number) return false;
  if (host.starts_with("*.")) host.erase(0, 1);
  std::string_view name = address.host();
  if (name.ends_with('.')) name.remove_suffix(1);
  if (host.starts_with('.')) return name.ends_with(host);
  return !host.empty() && (name == host || name.ends_with("." + host));
}

// Loopback addresses, and addresses with a zone, which are link-local.
bool is_local_address(const url& address) {
  if (is_localhost(address.host()) || !address.zone().empty()) return true;
  const auto number = parse_ip_address(address.host());
  return number && number->is_loopback();
}

}  // namespace

std::string proxy_address::text() const {
  const char* const scheme = kind == protocol::http ? "http://" : kind == protocol::https ? "https://" : "socks5://";
  return scheme + host_with_port(host, port);
}

result<proxy_address> parse_proxy(std::string_view text) {
  const auto refused = [](const std::string& why) {
    return error(errc::invalid_argument, "the proxy's address " + why);
  };
  proxy_address proxy;
  proxy.port = 80;
  std::string_view rest = text;
  if (const std::size_t colon = text.find("://"); colon != std::string_view::npos) {
    const std::string_view scheme = text.substr(0, colon);
    rest = text.substr(colon + 3);
    if (iequals(scheme, "https")) {
      proxy.kind = proxy_address::protocol::https;
      proxy.port = 443;
    } else if (iequals(scheme, "socks5") || iequals(scheme, "socks5h")) {
      proxy.kind = proxy_address::protocol::socks5;
      proxy.port = 1080;
    } else if (!iequals(scheme, "http")) {
      return refused("has the scheme \"" + std::string(scheme.substr(0, 50)) + "\" (supported: http, https, socks5)");
    }
  }
  const std::string_view path = rest.substr(std::min(rest.find('/'), rest.size()));
  // A "/" before an "@" belongs to a password. Reject it, or the start of the password would appear in errors as the host.
  if (path.find('@') != std::string_view::npos)
    return refused("has a / in its user or password that is not written as %2F");
  rest.remove_suffix(path.size());
  if (const std::size_t at = rest.rfind('@'); at != std::string_view::npos) {
    const std::string_view who = rest.substr(0, at);
    const std::size_t colon = who.find(':');
    const auto user = percent_decode_strict(who.substr(0, colon));
    const auto password =
        percent_decode_strict(colon == std::string_view::npos ? std::string_view() : who.substr(colon + 1));
    if (!user || !password) return refused("has a % in its user or password that is not followed by two digits");
    proxy.user = *user;
    proxy.password = *password;
    proxy.has_credentials = true;
    rest = rest.substr(at + 1);
  }
  if (rest.starts_with('[') && rest.find(']') == std::string_view::npos) return refused("has a [ without a ]");
  const auto [host_text, port, has_port] = split_port(rest);
  if (host_text.empty()) return refused("has no host");
  url_host host;
  if (const std::string wrong = parse_host(host_text, domain_to_ascii, host); !wrong.empty())
    return refused("has " + wrong);
  proxy.host = host.zone.empty() ? std::move(host.name) : host.name + "%" + host.zone;
  if (!port.empty()) {
    unsigned number = 0;
    const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (failure != std::errc() || end != port.data() + port.size() || number == 0 || number > 65'535)
      return refused("has the port \"" + std::string(port.substr(0, 50)) + "\" (allowed: 1 to 65535)");
    proxy.port = static_cast<std::uint16_t>(number);
  }
  if (proxy.kind == proxy_address::protocol::socks5 && (proxy.user.size() > 255 || proxy.password.size() > 255))
    return refused("has a user or password of more than 255 bytes, the limit of SOCKS5 (RFC 1929)");
  return proxy;
}

proxy_environment proxy_environment::from_process() {
  // In a CGI program HTTP_PROXY holds the "Proxy" header of the request, which a client controls.
  const bool is_cgi = std::getenv("REQUEST_METHOD") != nullptr;
  return {.http = first_variable(is_cgi ? nullptr : "HTTP_PROXY", "http_proxy"),
          .https = first_variable("HTTPS_PROXY", "https_proxy"),
          .all = first_variable("ALL_PROXY", "all_proxy"),
          .none = first_variable("NO_PROXY", "no_proxy")};
}

result<std::optional<proxy_address>> proxy_for(const url& address, const proxy_environment& environment) {
  const std::string& own = address.secure() ? environment.https : environment.http;
  const std::string& configured = own.empty() ? environment.all : own;
  if (configured.empty() || is_local_address(address)) return std::optional<proxy_address>();
  for (std::string_view rest = environment.none; !rest.empty();)
    if (const std::string_view rule = next_element(rest, ','); !rule.empty() && matches_no_proxy(rule, address))
      return std::optional<proxy_address>();
  auto proxy = parse_proxy(configured);
  if (!proxy) return proxy.error();
  return std::optional<proxy_address>(std::move(*proxy));
}

}  // namespace twinsocket::detail
