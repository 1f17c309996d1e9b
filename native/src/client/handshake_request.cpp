#include "client/handshake_request.hpp"

#include <algorithm>
#include <array>

#include "client/proxy_address.hpp"
#include "client/tunnel.hpp"
#include "deflate/compression.hpp"
#include "http/field_value.hpp"
#include "http/text.hpp"
#include "protocol/handshake.hpp"

namespace twinsocket::detail {

namespace {

namespace http = boost::beast::http;

error refused(std::string what) { return {errc::invalid_argument, std::move(what)}; }

bool is_reserved_header(std::string_view name) {
  constexpr std::string_view prefix = "Sec-WebSocket-";
  constexpr std::array<std::string_view, 9> names{"Connection", "Content-Length",    "Expect", "Host", "Origin", "TE",
                                                  "Trailer",    "Transfer-Encoding", "Upgrade"};
  return iequals(name.substr(0, prefix.size()), prefix) ||
         std::any_of(names.begin(), names.end(), [&](std::string_view own) { return iequals(own, name); });
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool has_header(const client_options& options, std::string_view name) {
  return std::any_of(options.headers().begin(), options.headers().end(),
                     [&](const auto& header) { return iequals(header.first, name); });
}

}  // namespace

result<void> check_options(const client_options& options) {
  for (const std::string& name : options.common().subprotocols())
    if (!is_token(name)) return refused("the subprotocol \"" + name + "\" is not a token");
  if (std::string wrong = find_invalid_option(options.compression()); !wrong.empty()) return refused(std::move(wrong));
  for (const auto& [name, value] : options.headers()) {
    if (!is_token(name)) return refused("the header name \"" + name + "\" is not a token");
    if (is_reserved_header(name))
      return refused("the header \"" + name + "\" belongs to the handshake" +
                     (iequals(name, "Host")     ? ": use host()"
                      : iequals(name, "Origin") ? ": use origin()"
                                                : ""));
    if (!is_field_value(value)) return refused("the header \"" + name + "\" has a control character in its value");
  }
  if (!is_field_value(options.host()) || options.host().find_first_of(" /?#@") != std::string::npos)
    return refused("the Host \"" + options.host() + "\" is not of the form host or host:port");
  if (!is_ascii(options.host()))
    return refused("the Host \"" + options.host() + "\" is not ASCII: write it as browsers send it, \"xn--...\"");
  if (!is_ascii(options.origin()))
    return refused("the Origin \"" + options.origin() +
                   "\" is not ASCII: write its host as browsers send it, \"xn--...\"");
  if (!is_field_value(options.origin()) || options.origin().find(' ') != std::string::npos)
    return refused("the Origin \"" + options.origin() + "\" has a space or a control character");
  if (options.basic_auth()) {
    // RFC 7617 section 2.
    if (options.basic_auth()->first.find(':') != std::string::npos)
      return refused("the user of basic_auth() has a colon");
    if (has_header(options, "Authorization"))
      return refused("there are both a header \"Authorization\" and basic_auth()");
  }
  if (options.proxy() && !options.proxy()->empty()) {
    if (const auto proxy = parse_proxy(*options.proxy()); !proxy) return proxy.error();
    if (options.socket_factory() || !options.unix_socket().empty())
      return refused("proxy() cannot be combined with unix_socket() or socket_factory()");
  }
  if (options.socket_factory() && !options.unix_socket().empty())
    return refused("unix_socket() cannot be combined with socket_factory()");
  return {};
}

http::request<http::empty_body> make_handshake_request(const url& address, std::string_view key,
                                                       const client_options& options) {
  http::request<http::empty_body> request(http::verb::get, address.target(), 11);
  request.set(http::field::host, options.host().empty() ? address.authority() : options.host());
  request.set(http::field::upgrade, "websocket");
  request.set(http::field::connection, "Upgrade");
  request.set(http::field::sec_websocket_key, boost::beast::string_view(key.data(), key.size()));
  request.set(http::field::sec_websocket_version, "13");
  if (!options.origin().empty()) request.set(http::field::origin, options.origin());
  std::string offered;
  for (const std::string& name : options.common().subprotocols())
    offered.append(offered.empty() ? "" : ", ").append(name);
  if (!offered.empty()) request.set(http::field::sec_websocket_protocol, offered);
  if (options.compression().enabled())
    request.set(http::field::sec_websocket_extensions,
                deflate_offer(requested_parameters(options.compression(), role::client)));
  if (options.basic_auth())
    request.set(http::field::authorization,
                basic_credentials(options.basic_auth()->first, options.basic_auth()->second));
  std::string cookies = options.cookies() ? options.cookies()->header(address) : std::string();
  for (const auto& [name, value] : options.headers()) {
    // RFC 6265 section 5.4: a request has at most one Cookie header.
    if (iequals(name, "Cookie")) {
      cookies += (cookies.empty() ? "" : "; ") + value;
    } else {
      request.insert(name, value);
    }
  }
  if (!cookies.empty()) request.set(http::field::cookie, cookies);
  return request;
}

}  // namespace twinsocket::detail
