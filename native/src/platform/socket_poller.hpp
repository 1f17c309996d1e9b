#pragma once

// A platform's own way to watch many sockets, cheaper than a wait of Asio for each message.

#include <memory>

#include "transport/connected_socket.hpp"

namespace twinsocket::detail {

/// Watches the sockets of one event loop. Its sockets may outlive it if they are closed before.
class socket_poller {
 public:
  socket_poller() = default;
  socket_poller(const socket_poller&) = delete;
  socket_poller& operator=(const socket_poller&) = delete;
  virtual ~socket_poller() = default;

  /// Takes the socket from Asio and watches it. Null if the system refuses; the socket is unchanged then.
  [[nodiscard]] virtual std::shared_ptr<connected_socket> watch(stream_socket& socket,
                                                                readiness_listener& listener) = 0;

  /// The io_context shuts down: nothing is watched any more.
  virtual void shutdown() noexcept = 0;
};

/// The poller of this platform. Null where there is none. Called while a service of the io_context is constructed.
[[nodiscard]] std::unique_ptr<socket_poller> make_socket_poller(boost::asio::io_context& context);

}  // namespace twinsocket::detail
