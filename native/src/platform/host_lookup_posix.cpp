#include "platform/host_lookup.hpp"

#include <netdb.h>
#include <sys/socket.h>

#include <boost/asio/error.hpp>

#include "platform/address_list.hpp"

namespace twinsocket::detail {

namespace {

boost::system::error_code to_resolve_error(int code) {
  switch (code) {
    case 0: return {};
    case EAI_AGAIN: return boost::asio::error::host_not_found_try_again;
    case EAI_FAIL: return boost::asio::error::no_recovery;
    default: return boost::asio::error::host_not_found;
  }
}

}  // namespace

host_lookup look_up_host(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  const int code = ::getaddrinfo(host.c_str(), nullptr, &hints, &list);
  host_lookup result{endpoints_of(code == 0 ? list : nullptr, port), to_resolve_error(code)};
  if (list) ::freeaddrinfo(list);
  return result;
}

}  // namespace twinsocket::detail
