#include "server/forwarded.hpp"

#include <algorithm>
#include <charconv>

#include "http/host.hpp"
#include "http/text.hpp"
#include "protocol/handshake.hpp"
#include "server/request_builder.hpp"
#include "server/request_check.hpp"

namespace twinsocket::detail {

namespace {

// Some WebSocket proxies send ws or wss. They count as the corresponding HTTP scheme.
std::string scheme_of(std::string_view text) {
  if (iequals(text, "https") || iequals(text, "wss")) return "https";
  if (iequals(text, "http") || iequals(text, "ws")) return "http";
  return {};
}

std::vector<std::string_view> elements_of(const request& req, std::string_view header) {
  std::vector<std::string_view> elements;
  for (std::string_view list : req.headers(header))
    while (!list.empty())
      if (const std::string_view element = next_element(list, ','); !element.empty()) elements.push_back(element);
  return elements;
}

// If there are as many X-Forwarded-Proto values as addresses, each belongs to the address at the same position. Otherwise
// the last one applies to all hops, because the proxy then sends only that of the client.
std::vector<forwarded_hop> x_forwarded_hops(const request& req) {
  std::vector<forwarded_hop> hops;
  for (const std::string_view client : elements_of(req, "X-Forwarded-For"))
    hops.push_back({.client = std::string(client), .scheme = {}, .host = {}});
  const auto schemes = elements_of(req, "X-Forwarded-Proto");
  if (schemes.empty()) return hops;
  if (hops.empty()) hops.emplace_back();
  for (std::size_t i = 0; i < hops.size(); ++i)
    hops[i].scheme = scheme_of(schemes.size() == hops.size() ? schemes[i] : schemes.back());
  return hops;
}

void skip_space(std::string_view& rest) {
  while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) rest.remove_prefix(1);
}

// Removes a token or a quoted-string (RFC 9110 section 5.6) from the front. Empty if there is neither.
std::optional<std::string> parse_value(std::string_view& rest) {
  std::string value;
  if (rest.empty() || rest.front() != '"') {
    const std::size_t end = std::min(rest.find_first_of(",; \t\""), rest.size());
    value = rest.substr(0, end);
    rest.remove_prefix(end);
    // Many proxies omit the quotes that IPv6 addresses and ports require.
    const bool fits = std::all_of(value.begin(), value.end(), [](char c) {
      return c == ':' || c == '[' || c == ']' || is_token(std::string_view(&c, 1));
    });
    if (value.empty() || !fits) return {};
    return value;
  }
  for (std::size_t i = 1; i < rest.size(); ++i) {
    if (rest[i] == '"') {
      rest.remove_prefix(i + 1);
      return value;
    }
    if (rest[i] == '\\' && ++i == rest.size()) break;
    value += rest[i];
  }
  return {};
}

// Removes one element, such as "for=192.0.2.43;proto=https", from the front. False if it is malformed.
bool parse_hop(std::string_view& rest, forwarded_hop& hop) {
  std::vector<std::string> seen;
  while (!rest.empty() && rest.front() != ',') {
    if (rest.front() == ';') {
      rest.remove_prefix(1);
      skip_space(rest);
      continue;
    }
    const std::size_t equals = std::min(rest.find_first_of("=,;\""), rest.size());
    std::string name(rest.substr(0, equals));
    if (equals == rest.size() || rest[equals] != '=' || !is_token(name)) return false;
    rest.remove_prefix(equals + 1);
    auto value = parse_value(rest);
    if (!value) return false;
    std::transform(name.begin(), name.end(), name.begin(), to_lower);
    // A repeated parameter is ambiguous, and section 4 forbids it.
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) return false;
    if (name == "for") hop.client = *value;
    if (name == "proto") hop.scheme = scheme_of(*value);
    if (name == "host") hop.host = *value;
    seen.push_back(std::move(name));
    skip_space(rest);
    if (!rest.empty() && rest.front() != ';' && rest.front() != ',') return false;
  }
  return true;
}

}  // namespace

result<std::vector<forwarded_hop>> forwarded_hops(const request& req, forwarding_header which) {
  if (which == forwarding_header::x_forwarded) return x_forwarded_hops(req);
  std::vector<forwarded_hop> hops;
  for (const std::string_view value : req.headers("Forwarded")) {
    std::string_view rest = value;
    for (skip_space(rest); !rest.empty(); skip_space(rest)) {
      if (rest.front() == ',') {
        rest.remove_prefix(1);
        continue;
      }
      if (!parse_hop(rest, hops.emplace_back()))
        return error(errc::protocol_violation, "the Forwarded \"" + std::string(value) + "\" does not follow RFC 7239");
    }
  }
  return hops;
}

std::optional<forwarded_address> parse_forwarded_address(std::string_view node) {
  std::string_view host = node;
  std::string_view port;
  if (!node.empty() && node.front() == '[') {
    const std::size_t bracket = node.find(']');
    if (bracket == std::string_view::npos) return {};
    host = node.substr(1, bracket - 1);
    port = node.substr(bracket + 1);
    if (host.find(':') == std::string_view::npos) return {};
  } else if (std::count(node.begin(), node.end(), ':') == 1) {
    host = node.substr(0, node.find(':'));
    port = node.substr(host.size());
  }
  boost::system::error_code failure;
  forwarded_address found{boost::asio::ip::make_address(host, failure), {}};
  if (failure || (found.address.is_v6() && found.address.to_v6().scope_id() != 0)) return {};
  found.text = found.address.to_string();
  if (port.empty()) return found;
  unsigned number = 0;
  const auto [rest, bad] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
  const bool is_number = port.front() == ':' && bad == std::errc() && rest == port.data() + port.size();
  // An obfuscated port (RFC 7239 section 6.3) is ignored.
  if (!is_number || number > 65'535) return port.starts_with(":_") ? std::optional(found) : std::nullopt;
  found.text = host_with_port(found.text, number);
  return found;
}

forwarded_client find_client(const std::vector<forwarded_hop>& hops, const trusted_proxy_set& proxies) {
  forwarded_client found;
  for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
    if (!hop->scheme.empty()) found.scheme = hop->scheme;
    if (!hop->host.empty()) found.host = hop->host;
    found.address = parse_forwarded_address(hop->client);
    if (!found.address || !proxies.trusts(found.address->address)) break;
  }
  return found;
}

std::optional<response> apply_forwarded(request& req, const trusted_proxy_set& proxies,
                                        connection_limiter::lease& connection, server_metrics& metrics) {
  const auto hops = forwarded_hops(req, proxies.header());
  if (!hops) return refusal(400, hops.error().detail());
  const forwarded_client client = find_client(*hops, proxies);
  if (!is_valid_host(client.host)) return refusal(400, "the host \"" + client.host + "\" of Forwarded is not a host");
  if (client.address) request_builder::set_remote_address(req, client.address->text);
  if (!client.scheme.empty()) request_builder::set_forwarded_scheme(req, client.scheme == "https");
  if (!client.host.empty()) request_builder::set_forwarded_host(req, client.host);
  if (connection.set_address(client.address ? std::optional(client.address->address) : std::nullopt)) return {};
  metrics.count_refused(refusal_reason::address_limit);
  return over_limit_response();
}

}  // namespace twinsocket::detail
