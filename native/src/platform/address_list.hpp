#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <cstring>
#include <vector>

namespace twinsocket::detail {

/// The endpoints of a list of addrinfo, or of ADDRINFOW, which differs in nothing that is read here.
template <class AddressInfo>
[[nodiscard]] std::vector<boost::asio::ip::tcp::endpoint> endpoints_of(const AddressInfo* list, std::uint16_t port) {
  std::vector<boost::asio::ip::tcp::endpoint> found;
  for (const AddressInfo* one = list; one; one = one->ai_next) {
    boost::asio::ip::tcp::endpoint endpoint;
    if (one->ai_addrlen > endpoint.capacity()) continue;
    std::memcpy(endpoint.data(), one->ai_addr, one->ai_addrlen);
    endpoint.resize(one->ai_addrlen);
    endpoint.port(port);
    found.push_back(endpoint);
  }
  return found;
}

}  // namespace twinsocket::detail
