#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "client/interruption.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// The addresses of a host (a name, or an address, of IPv6 also with a zone: "fe80::1%eth0"), in the order in which they are to be tried. The system's lookup cannot be interrupted: it has
/// a thread of its own, which is left to itself once nobody waits for it any more.
[[nodiscard]] task<result<std::vector<boost::asio::ip::tcp::endpoint>>> look_up(std::string host, std::uint16_t port,
                                                                                interruption& limit);

/// True for localhost and every name below it, which are the loopback addresses, whatever a resolver says or does not say
/// (RFC 6761 section 6.3).
[[nodiscard]] bool is_localhost(std::string_view host) noexcept;

/// RFC 8305 section 4: the families take turns, beginning with that of the first address.
[[nodiscard]] std::vector<boost::asio::ip::tcp::endpoint> interleave(
    const std::vector<boost::asio::ip::tcp::endpoint>& addresses);

}  // namespace twinsocket::detail
