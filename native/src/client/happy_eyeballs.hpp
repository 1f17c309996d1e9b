#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <memory>
#include <string>
#include <vector>

#include "client/connect_cancellation.hpp"
#include "transport/socket.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

/// Connects to the first address that accepts (RFC 8305 section 5, "Happy Eyeballs"). The next attempt starts 250 ms after
/// the previous one, or as soon as that has failed. `where` names the host in errors.
[[nodiscard]] task<result<stream_socket>> happy_eyeballs_connect(std::vector<boost::asio::ip::tcp::endpoint> addresses,
                                                                 std::string where, connect_cancellation& cancellation);

}  // namespace twinsocket::detail
