#pragma once

// The addresses of the reverse proxies that a server trusts.

#include <array>
#include <boost/asio/ip/address.hpp>
#include <string>
#include <vector>

#include "transport/socket.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/trusted_proxies.hpp"

namespace twinsocket::detail {

/// A range of IP addresses. An IPv4 address equals its IPv4-mapped IPv6 address (RFC 4291 section 2.5.5.2).
class ip_network {
 public:
  /// "10.0.0.0/8", "::1". errc::invalid_argument names the text.
  [[nodiscard]] static result<ip_network> parse(const std::string& text);
  [[nodiscard]] bool contains(const boost::asio::ip::address& address) const;

 private:
  boost::asio::ip::address_v6::bytes_type first_{};
  unsigned prefix_ = 128;
};

class trusted_proxy_set {
 public:
  /// Trusts no proxy.
  trusted_proxy_set() = default;
  [[nodiscard]] static result<trusted_proxy_set> make(const trusted_proxies& options);

  [[nodiscard]] bool trusts(const boost::asio::ip::address& address) const;
  /// The same for the peer of a connection, which may be a Unix-domain socket.
  [[nodiscard]] bool trusts(const stream_socket::endpoint_type& peer) const;
  [[nodiscard]] forwarding_header header() const noexcept { return header_; }

 private:
  std::vector<ip_network> networks_;
  bool unix_ = false;
  forwarding_header header_ = forwarding_header::x_forwarded;
};

}  // namespace twinsocket::detail
