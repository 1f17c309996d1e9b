#include "transport/socket_transport.hpp"

#include <array>
#include <utility>

#include "attempt.hpp"
#include "session/closing_handshake.hpp"

namespace twinsocket::detail {

namespace {

// Limit of the bytes dropped before a socket is closed on a loop that serves other connections too.
constexpr std::size_t drop_at_once = 1024 * 1024;

}  // namespace

void socket_transport::start(std::shared_ptr<socket_transport> one, stream_socket socket,
                             std::span<std::byte> already_read) {
  one->socket_ = one->loop_.watch_socket(std::move(socket), *one);
  one->self_ = one;
  one->connection_->start(*one);
  if (one->connection_ && !already_read.empty()) one->connection_->on_bytes(already_read);
}

// std::bad_alloc closes this connection only. Reading goes on until the peer ends the stream.
template <class F>
void socket_transport::carry_out(F&& event) noexcept {
  if (attempt(event)) return;
  if (connection_) connection_->ran_out_of_memory();
  if (!reading_ || read_posted_ || !connection_) return;
  if (!attempt([&] { socket_->wait_readable(); })) connection_->ran_out_of_memory();
}

void socket_transport::read(bool wanted) {
  reading_ = wanted;
  if (!reading_ || read_posted_) return;
  if (!has_buffered_input()) return socket_->wait_readable();
  loop_.post([self = self_] {
    self->read_posted_ = false;
    if (self->reading_ && self->connection_) self->carry_out([&] { self->readable(); });
  });
  read_posted_ = true;
}

void socket_transport::close_stream() { close_after(drop_at_once); }

// An ending loop serves nobody else, so it may drop more.
void socket_transport::release_loop() { close_after(max_dropped); }

void socket_transport::close_after(std::size_t dropped) {
  reading_ = false;
  discard_unread(dropped);
  socket_->close();
  const auto self = std::move(self_);
  connection_.reset();
}

// Discards unread data before the socket is closed. Closing with unread data sends a TCP reset, which can make the peer lose
// the close frame.
void socket_transport::discard_unread(std::size_t most) {
  boost::system::error_code failure;
  socket_->shutdown_send();
  std::array<std::byte, 16 * 1024> room;
  for (std::size_t total = 0; !failure && total < most;) total += socket_->receive(room, failure);
}

void socket_transport::on_readable(time_point now, const boost::system::error_code& failure) {
  if (!connection_) return;
  const auto self = self_;
  const loop::turn turn(loop_, now);
  carry_out([&] {
    if (failure) return fail_connection(failure);
    if (reading_) readable();
  });
}

void socket_transport::on_writable(time_point now, const boost::system::error_code& failure) {
  if (!connection_) return;
  const auto self = self_;
  const loop::turn turn(loop_, now);
  carry_out([&] { failure ? fail_connection(failure) : writable(); });
}

void socket_transport::fail_connection(error why) {
  reading_ = false;
  if (connection_) connection_->on_stream_error(std::move(why));
}

void socket_transport::fail_connection(const boost::system::error_code& failure) {
  fail_connection(error(errc::system, "the connection broke", failure));
}

void socket_transport::post_failure(error why) {
  loop_.post([self = self_, why = std::move(why)]() mutable { self->fail_connection(std::move(why)); });
}

}  // namespace twinsocket::detail
