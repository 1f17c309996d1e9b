#include "client/tunnel.hpp"

#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <utility>

#include "http/host.hpp"
#include "protocol/base64.hpp"
#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket::detail {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using native::use_task;

constexpr std::size_t header_limit = 16 * kib;

error refused(const proxy_address& proxy, const std::string& why, std::error_code cause = {}) {
  return {errc::connect_failed, "the proxy " + proxy.text() + " " + why, cause};
}

// CONNECT (RFC 9110 section 9.3.6).
task<result<void>> open_http_tunnel(http_stream& stream, const proxy_address& proxy, std::string host,
                                    std::uint16_t port) {
  const std::string target = host_with_port(host, port);
  http::request<http::empty_body> request(http::verb::connect, target, 11);
  request.set(http::field::host, target);
  if (proxy.has_credentials)
    request.set(http::field::proxy_authorization, basic_credentials(proxy.user, proxy.password));
  auto [write_error, sent] = co_await http::async_write(stream, request, use_task);
  if (write_error) co_return refused(proxy, "did not accept the request", write_error);

  boost::beast::flat_buffer buffer(header_limit);
  http::response_parser<http::empty_body> parser;
  parser.header_limit(header_limit);
  parser.skip(true);  // The tunnel follows the header, even if there is a Content-Length.
  auto [read_error, size] = co_await http::async_read_header(stream, buffer, parser, use_task);
  if (read_error) co_return refused(proxy, "did not send a valid HTTP response", read_error);
  const unsigned status = parser.get().result_int();
  if (status < 200 || status > 299)
    co_return refused(proxy, "answered " + std::to_string(status) + " " + std::string(parser.get().reason()));
  // The client speaks first in the tunnel.
  if (buffer.size() != 0) co_return refused(proxy, "sent data behind its response");
  co_return result<void>();
}

task<result<void>> exchange(http_stream& stream, const std::string& request, std::span<char> response) {
  if (!request.empty()) {
    auto [write_error, sent] =
        co_await asio::async_write(stream, asio::const_buffer(request.data(), request.size()), use_task);
    if (write_error) co_return error(errc::system, {}, write_error);
  }
  auto [read_error, size] =
      co_await asio::async_read(stream, asio::mutable_buffer(response.data(), response.size()), use_task);
  if (read_error) co_return error(errc::system, {}, read_error);
  co_return result<void>();
}

const char* socks_reply_text(char code) {
  constexpr std::array<const char*, 9> replies{"succeeded",
                                               "failed",
                                               "does not allow the connection",
                                               "says that the network is unreachable",
                                               "says that the host is unreachable",
                                               "says that the host refused the connection",
                                               "says that the time to live expired",
                                               "does not support the command",
                                               "does not support the address type"};
  const auto number = static_cast<unsigned char>(code);
  return number < replies.size() ? replies[number] : "sent a reply that RFC 1928 does not define";
}

std::string encode_socks_address(const std::string& host, std::uint16_t port) {
  std::string bytes;
  boost::system::error_code is_name;
  const auto address = asio::ip::make_address(host, is_name);
  if (is_name) {
    bytes += '\x03';
    bytes += static_cast<char>(host.size());
    bytes += host;
  } else if (address.is_v4()) {
    bytes += '\x01';
    for (const unsigned char byte : address.to_v4().to_bytes()) bytes += static_cast<char>(byte);
  } else {
    bytes += '\x04';
    for (const unsigned char byte : address.to_v6().to_bytes()) bytes += static_cast<char>(byte);
  }
  bytes += static_cast<char>(port >> 8);
  bytes += static_cast<char>(port & 0xff);
  return bytes;
}

// SOCKS5 (RFC 1928), with user name and password (RFC 1929).
task<result<void>> open_socks_tunnel(http_stream& stream, const proxy_address& proxy, std::string host,
                                     std::uint16_t port) {
  if (host.size() > 255) co_return error(errc::invalid_argument, "a host of more than 255 bytes, the limit of SOCKS5");
  const auto broken = [&](const error& why) { return refused(proxy, "ended the SOCKS5 handshake", why.cause()); };
  std::array<char, 2> two{};
  const std::string greeting =
      proxy.has_credentials ? std::string("\x05\x02\x00\x02", 4) : std::string("\x05\x01\x00", 3);
  auto exchanged = co_await exchange(stream, greeting, two);
  if (!exchanged) co_return broken(exchanged.error());
  if (two[0] != 5) co_return refused(proxy, "does not speak SOCKS5");
  if (two[1] == '\xff')
    co_return refused(proxy, proxy.has_credentials ? "accepts neither a password nor anonymous use"
                                                   : "requires a user and a password");
  if (two[1] == 2 && proxy.has_credentials) {
    std::string credentials = "\x01";
    credentials += static_cast<char>(proxy.user.size());
    credentials += proxy.user;
    credentials += static_cast<char>(proxy.password.size());
    credentials += proxy.password;
    exchanged = co_await exchange(stream, credentials, two);
    if (!exchanged) co_return broken(exchanged.error());
    if (two[1] != 0) co_return refused(proxy, "refused the user or the password");
  } else if (two[1] != 0) {
    co_return refused(proxy, "chose a method that was not offered");
  }

  std::array<char, 5> reply{};
  const std::string request = std::string("\x05\x01\x00", 3) + encode_socks_address(host, port);
  exchanged = co_await exchange(stream, request, reply);
  if (!exchanged) co_return broken(exchanged.error());
  if (reply[0] != 5) co_return refused(proxy, "does not speak SOCKS5");
  if (reply[1] != 0) co_return refused(proxy, socks_reply_text(reply[1]));
  // Skip the bound address, whose first byte is in `reply`.
  const unsigned char kind = static_cast<unsigned char>(reply[3]);
  if (kind != 1 && kind != 3 && kind != 4) co_return refused(proxy, "sent a reply that RFC 1928 does not define");
  std::string rest(kind == 1 ? 5 : kind == 4 ? 17 : static_cast<unsigned char>(reply[4]) + 2U, '\0');
  const std::string nothing;
  exchanged = co_await exchange(stream, nothing, rest);
  if (!exchanged) co_return broken(exchanged.error());
  co_return result<void>();
}

}  // namespace

task<result<void>> open_tunnel(http_stream& stream, const proxy_address& proxy, std::string host, std::uint16_t port) {
  return proxy.kind == proxy_address::protocol::socks5 ? open_socks_tunnel(stream, proxy, std::move(host), port)
                                                       : open_http_tunnel(stream, proxy, std::move(host), port);
}

std::string basic_credentials(const std::string& user, const std::string& password) {
  return "Basic " + encode_base64(text_bytes(user + ":" + password));
}

}  // namespace twinsocket::detail
