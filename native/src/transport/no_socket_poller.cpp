// Platforms without a socket_poller: Asio watches all sockets.

#include "transport/socket_poller.hpp"

namespace twinsocket::detail {

std::unique_ptr<socket_poller> make_socket_poller(boost::asio::io_context&) { return nullptr; }

}  // namespace twinsocket::detail
