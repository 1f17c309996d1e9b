#pragma once

// A connected socket with reads and writes that do not wait, and events when it becomes ready. There are two kinds: one that
// Asio watches, and one of a socket_poller. Transports do not see the difference.

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "transport/socket.hpp"

namespace twinsocket::detail {

/// Receives the events of a socket, on the thread of its event loop.
class readiness_listener {
 public:
  /// `now` is about the present time. `failure` is set if waiting failed.
  virtual void on_readable(std::chrono::steady_clock::time_point now, const boost::system::error_code& failure) = 0;
  virtual void on_writable(std::chrono::steady_clock::time_point now, const boost::system::error_code& failure) = 0;

 protected:
  ~readiness_listener() = default;
};

class connected_socket {
 public:
  connected_socket() = default;
  connected_socket(const connected_socket&) = delete;
  connected_socket& operator=(const connected_socket&) = delete;

  /// Reads what has arrived. `failure` is would_block if there is nothing, and eof at the end of the stream.
  [[nodiscard]] virtual std::size_t receive(std::span<std::byte> room, boost::system::error_code& failure) = 0;
  /// Sends as much of `head`, then of `body`, as the network accepts now. `failure` is would_block if that is nothing.
  [[nodiscard]] virtual std::size_t send(std::span<const std::byte> head, std::span<const std::byte> body,
                                         boost::system::error_code& failure) = 0;
  /// Calls the listener's on_readable() once, when there is something to receive(). No effect if it waits already.
  virtual void wait_readable() = 0;
  /// Calls the listener's on_writable() once. Call it after send() has accepted less than all.
  virtual void wait_writable() = 0;
  /// Closes the socket. The listener is not called any more.
  virtual void close() = 0;

  /// Ends the stream for the peer.
  virtual void shutdown_send() noexcept = 0;
  /// As text; see socket.hpp.
  [[nodiscard]] virtual std::string remote_address() const = 0;
  [[nodiscard]] virtual std::string local_address() const = 0;

 protected:
  virtual ~connected_socket() = default;
};

/// A socket that Asio watches, on every platform.
[[nodiscard]] std::shared_ptr<connected_socket> make_asio_socket(stream_socket socket, readiness_listener& listener);

}  // namespace twinsocket::detail
