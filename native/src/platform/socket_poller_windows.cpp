// Asio waits with an I/O completion port. Windows has nothing that is cheaper.

#include "platform/socket_poller.hpp"

namespace twinsocket::detail {

std::unique_ptr<socket_poller> make_socket_poller(boost::asio::io_context&) { return nullptr; }

}  // namespace twinsocket::detail
