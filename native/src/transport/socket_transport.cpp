#include "transport/socket_transport.hpp"

#include <array>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <utility>

#include "attempt.hpp"
#include "session/closing_handshake.hpp"

namespace twinsocket::detail {

namespace {

// Limit of the bytes dropped before a socket is closed on a loop that serves other connections too.
constexpr std::size_t drop_at_once = 1024 * 1024;

}  // namespace

socket_transport::socket_transport(stream_socket socket, std::shared_ptr<wire_connection> connection)
    : loop_(event_loop::of(socket.get_executor().context())),
      socket_(std::move(socket)),
      connection_(std::move(connection)) {}

void socket_transport::begin() {
  self_ = shared_from_this();
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  socket_.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  connection_->start(*this);
}

// std::bad_alloc closes this connection only. Reading goes on until the peer ends the stream.
template <class F>
void socket_transport::carry_out(F&& event) noexcept {
  if (attempt(event)) return;
  if (connection_) connection_->ran_out_of_memory();
  if (!reading_ || read_wait_pending_ || !connection_) return;
  if (!attempt([&] { wait_until_readable(); })) connection_->ran_out_of_memory();
}

void socket_transport::read(bool wanted) {
  reading_ = wanted;
  if (!reading_ || read_wait_pending_) return;
  if (!has_buffered_input()) return wait_until_readable();
  loop_.post([self = shared_from_this()] {
    self->read_wait_pending_ = false;
    if (self->reading_ && self->connection_) self->carry_out([&] { self->readable(); });
  });
  read_wait_pending_ = true;
}

void socket_transport::close_stream() { close_after(drop_at_once); }

// An ending loop serves nobody else, so it may drop more.
void socket_transport::release_loop() { close_after(max_dropped); }

void socket_transport::close_after(std::size_t dropped) {
  reading_ = false;
  discard_unread(dropped);
  boost::system::error_code ignored;
  socket_.close(ignored);
  const auto self = std::move(self_);
  connection_.reset();
}

// Discards unread data before the socket is closed. Closing with unread data sends a TCP reset, which can make the peer lose
// the close frame.
void socket_transport::discard_unread(std::size_t most) {
  boost::system::error_code failure;
  shutdown_send();
  if (!socket_.non_blocking()) return;
  std::array<std::byte, 16 * 1024> room;
  for (std::size_t total = 0; !failure && total < most;)
    total += socket_.receive(boost::asio::buffer(room.data(), room.size()), 0, failure);
}

void socket_transport::wait_until_readable() {
  auto came = [self = shared_from_this()](const boost::system::error_code& failure) {
    self->read_wait_pending_ = false;
    if (!self->connection_) return;
    const loop::turn turn(self->loop_, std::chrono::steady_clock::now());
    self->carry_out([&] {
      if (failure) return self->fail_connection(failure);
      if (self->reading_) self->readable();
    });
  };
  socket_.async_wait(stream_socket::wait_read,
                     boost::asio::bind_allocator(handler_allocator<std::byte>(handler_memory_), std::move(came)));
  read_wait_pending_ = true;
}

void socket_transport::wait_until_writable() {
  if (write_wait_pending_) return;
  socket_.async_wait(stream_socket::wait_write, [self = shared_from_this()](const boost::system::error_code& failure) {
    self->write_wait_pending_ = false;
    if (!self->connection_) return;
    const loop::turn turn(self->loop_, std::chrono::steady_clock::now());
    self->carry_out([&] { failure ? self->fail_connection(failure) : self->on_writable(); });
  });
  write_wait_pending_ = true;
}

void socket_transport::shutdown_send() {
  boost::system::error_code ignored;
  socket_.shutdown(stream_socket::shutdown_send, ignored);
}

void socket_transport::fail_connection(error why) {
  reading_ = false;
  if (connection_) connection_->on_stream_error(std::move(why));
}

void socket_transport::fail_connection(const boost::system::error_code& failure) {
  fail_connection(error(errc::system, "the connection broke", failure));
}

void socket_transport::post_failure(error why) {
  loop_.post([self = shared_from_this(), why = std::move(why)]() mutable { self->fail_connection(std::move(why)); });
}

}  // namespace twinsocket::detail
