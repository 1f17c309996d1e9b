#pragma once

// Base class of the transports on a socket: handles its events, and keeps itself alive until close_stream().

#include <memory>
#include <span>
#include <string>

#include "connection/wire_connection.hpp"
#include "transport/connected_socket.hpp"
#include "transport/event_loop.hpp"

namespace twinsocket::detail {

class socket_transport : public byte_transport, private readiness_listener {
 public:
  socket_transport(event_loop& own_loop, std::shared_ptr<wire_connection> connection)
      : loop_(own_loop), connection_(std::move(connection)) {}
  socket_transport(const socket_transport&) = delete;
  socket_transport& operator=(const socket_transport&) = delete;

  /// Starts a transport. It keeps itself alive until close_stream(). `already_read` are the first bytes of the peer.
  static void start(std::shared_ptr<socket_transport> one, stream_socket socket, std::span<std::byte> already_read);

  void read(bool wanted) final;
  void close_stream() final;
  void release_loop() final;
  [[nodiscard]] std::string remote_address() const final { return socket_->remote_address(); }
  [[nodiscard]] std::string local_address() const final { return socket_->local_address(); }

 protected:
  virtual ~socket_transport() = default;

  // Most full read buffers per turn of a connection, so that one busy connection does not starve the others.
  static constexpr int reads_per_turn = 4;

  void fail_connection(error why);
  void fail_connection(const boost::system::error_code& failure);
  /// Calls fail_connection() in a later turn, after the current caller has returned.
  void post_failure(error why);

  [[nodiscard]] event_loop& loop() const noexcept { return loop_; }
  [[nodiscard]] connected_socket& socket() noexcept { return *socket_; }
  /// Null after close_stream().
  [[nodiscard]] wire_connection* connection() const noexcept { return connection_.get(); }
  /// True while the connection wants to receive data.
  [[nodiscard]] bool reading() const noexcept { return reading_; }
  void stop_reading() noexcept { reading_ = false; }

 private:
  void on_readable(time_point now, const boost::system::error_code& failure) final;
  void on_writable(time_point now, const boost::system::error_code& failure) final;
  virtual void readable() = 0;
  virtual void writable() = 0;
  /// True if readable() has buffered data to deliver, even if the socket has none.
  [[nodiscard]] virtual bool has_buffered_input() const noexcept { return false; }
  void close_after(std::size_t dropped);
  void discard_unread(std::size_t most);
  template <class F>
  void carry_out(F&& event) noexcept;

  event_loop& loop_;
  std::shared_ptr<connected_socket> socket_;
  std::shared_ptr<wire_connection> connection_;
  std::shared_ptr<socket_transport> self_;  // Keeps this alive until close_stream().
  bool reading_ = false;
  bool read_posted_ = false;  // readable() will be called for buffered input.
};

}  // namespace twinsocket::detail
