#include "platform/host_lookup.hpp"

#include <winsock2.h>
#include <ws2tcpip.h>

#include <boost/asio/error.hpp>

#include "platform/address_list.hpp"
#include "platform/wide_text_windows.hpp"

namespace twinsocket::detail {

namespace {

boost::system::error_code to_resolve_error(int code) {
  switch (code) {
    case 0: return {};
    case WSATRY_AGAIN: return boost::asio::error::host_not_found_try_again;
    case WSANO_RECOVERY: return boost::asio::error::no_recovery;
    default: return boost::asio::error::host_not_found;
  }
}

}  // namespace

host_lookup look_up_host(const std::string& host, std::uint16_t port) {
  ADDRINFOW hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  ADDRINFOW* list = nullptr;
  const int code = ::GetAddrInfoW(to_wide(host).c_str(), nullptr, &hints, &list);
  host_lookup result{endpoints_of(code == 0 ? list : nullptr, port), to_resolve_error(code)};
  if (list) ::FreeAddrInfoW(list);
  return result;
}

}  // namespace twinsocket::detail
