#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <cstdint>
#include <string>
#include <vector>

namespace twinsocket::detail {

/// The result of look_up_host().
struct host_lookup {
  std::vector<boost::asio::ip::tcp::endpoint> found;
  boost::system::error_code failure;  ///< An error of Asio's resolver.
};

/// The addresses of a host name by the system's resolver, of those families that this machine has an address of. Blocks.
[[nodiscard]] host_lookup look_up_host(const std::string& host, std::uint16_t port);

}  // namespace twinsocket::detail
