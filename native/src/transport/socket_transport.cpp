#include "transport/socket_transport.hpp"

#include <array>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <utility>

#include "session/closing.hpp"

namespace twinsocket::detail {

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

void socket_transport::read(bool wanted) {
  reading_ = wanted;
  if (!reading_ || waiting_) return;
  if (!holds_something()) return wait_until_readable();
  waiting_ = true;
  loop_.post([self = shared_from_this()] {
    self->waiting_ = false;
    if (self->reading_ && self->connection_) self->readable();
  });
}

void socket_transport::cut() {
  reading_ = false;
  boost::system::error_code ignored;
  socket_.close(ignored);
  const auto self = std::move(self_);
  connection_.reset();
}

void socket_transport::lose_loop() {
  drop_what_came();
  cut();
}

// Discards unread data before the socket is closed. Closing with unread data sends a TCP reset, which can make the peer lose
// the close frame.
void socket_transport::drop_what_came() {
  boost::system::error_code failure;
  end_direction();
  std::array<std::byte, 16 * 1024> room;
  for (std::size_t total = 0; !failure && total < max_dropped;)
    total += socket_.receive(boost::asio::buffer(room.data(), room.size()), 0, failure);
}

void socket_transport::wait_until_readable() {
  waiting_ = true;
  auto came = [self = shared_from_this()](const boost::system::error_code& failure) {
    self->waiting_ = false;
    if (failure || !self->reading_ || !self->connection_) return;
    const loop::turn turn(self->loop_, std::chrono::steady_clock::now());
    self->readable();
  };
  socket_.async_wait(stream_socket::wait_read,
                     boost::asio::bind_allocator(wait_allocator<std::byte>(wait_memory_), std::move(came)));
}

void socket_transport::wait_until_writable() {
  if (std::exchange(waiting_to_write_, true)) return;
  socket_.async_wait(stream_socket::wait_write, [self = shared_from_this()](const boost::system::error_code& failure) {
    self->waiting_to_write_ = false;
    if (failure || !self->connection_) return;
    const loop::turn turn(self->loop_, std::chrono::steady_clock::now());
    self->writable();
  });
}

void socket_transport::end_direction() {
  boost::system::error_code ignored;
  socket_.shutdown(stream_socket::shutdown_send, ignored);
}

void socket_transport::broke(error why) {
  reading_ = false;
  if (connection_) connection_->broke(std::move(why));
}

void socket_transport::broke(const boost::system::error_code& failure) {
  broke(error(errc::system, "the connection broke", failure));
}

void socket_transport::break_later(error why) {
  loop_.post([self = shared_from_this(), why = std::move(why)] { self->broke(why); });
}

}  // namespace twinsocket::detail
