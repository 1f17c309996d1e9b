#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/connect_cancellation.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// Resolves a host to its addresses, in the order in which to try them. The host is a name or an address; IPv6 addresses may
/// have a zone ("fe80::1%eth0"). A lookup cannot be cancelled, so it runs on a detached thread, whose result is
/// dropped after a cancellation.
[[nodiscard]] task<result<std::vector<boost::asio::ip::tcp::endpoint>>> resolve(std::string host, std::uint16_t port,
                                                                                connect_cancellation& cancellation);

/// True for localhost and its subdomains. They are resolved to the loopback addresses without a resolver (RFC 6761
/// section 6.3).
[[nodiscard]] bool is_localhost(std::string_view host) noexcept;

/// Alternates the address families, starting with the family of the first address (RFC 8305 section 4).
[[nodiscard]] std::vector<boost::asio::ip::tcp::endpoint> interleave(
    const std::vector<boost::asio::ip::tcp::endpoint>& addresses);

}  // namespace twinsocket::detail
