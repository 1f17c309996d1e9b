// A connected_socket that waits with Asio's async_wait.

#include <array>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <utility>

#include "transport/connected_socket.hpp"
#include "transport/handler_memory.hpp"

namespace twinsocket::detail {

namespace {

namespace asio = boost::asio;

class asio_socket final : public connected_socket, public std::enable_shared_from_this<asio_socket> {
 public:
  asio_socket(stream_socket socket, readiness_listener& listener) : socket_(std::move(socket)), listener_(&listener) {
    boost::system::error_code ignored;
    if (!socket_.non_blocking()) socket_.non_blocking(true, ignored);
  }

  std::size_t receive(std::span<std::byte> room, boost::system::error_code& failure) override {
    if (!socket_.non_blocking()) failure = asio::error::operation_not_supported;
    return failure ? 0 : socket_.receive(asio::buffer(room.data(), room.size()), 0, failure);
  }

  std::size_t send(std::span<const std::byte> head, std::span<const std::byte> body,
                   boost::system::error_code& failure) override {
    if (body.empty()) return socket_.send(asio::buffer(head.data(), head.size()), 0, failure);
    const std::array both{asio::buffer(head.data(), head.size()), asio::buffer(body.data(), body.size())};
    return socket_.send(both, 0, failure);
  }

  void wait_readable() override {
    if (read_wait_pending_) return;
    auto came = [self = shared_from_this()](const boost::system::error_code& failure) {
      self->read_wait_pending_ = false;
      if (self->listener_) self->listener_->on_readable(std::chrono::steady_clock::now(), failure);
    };
    socket_.async_wait(stream_socket::wait_read,
                       asio::bind_allocator(handler_allocator<std::byte>(read_memory_), std::move(came)));
    read_wait_pending_ = true;
  }

  void wait_writable() override {
    if (write_wait_pending_) return;
    socket_.async_wait(stream_socket::wait_write,
                       [self = shared_from_this()](const boost::system::error_code& failure) {
                         self->write_wait_pending_ = false;
                         if (self->listener_) self->listener_->on_writable(std::chrono::steady_clock::now(), failure);
                       });
    write_wait_pending_ = true;
  }

  void close() override {
    listener_ = nullptr;
    boost::system::error_code ignored;
    socket_.close(ignored);
  }

  void shutdown_send() noexcept override {
    boost::system::error_code ignored;
    socket_.shutdown(stream_socket::shutdown_send, ignored);
  }

  std::string remote_address() const override { return detail::remote_address(socket_); }
  std::string local_address() const override { return detail::local_address(socket_); }

 private:
  stream_socket socket_;
  readiness_listener* listener_;  // Null after close().
  bool read_wait_pending_ = false;
  bool write_wait_pending_ = false;
  handler_memory
      read_memory_;  // For the wait for readability, which is pending for most of the time on idle connections.
};

}  // namespace

std::shared_ptr<connected_socket> make_asio_socket(stream_socket socket, readiness_listener& listener) {
  return std::make_shared<asio_socket>(std::move(socket), listener);
}

}  // namespace twinsocket::detail
