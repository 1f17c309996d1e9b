#include <boost/asio/error.hpp>
#include <utility>

#include "transport/start_transport.hpp"

namespace twinsocket::detail {

namespace {

namespace asio = boost::asio;

class tcp_transport final : public socket_transport {
 public:
  using socket_transport::socket_transport;

  std::size_t write(std::span<const std::byte> bytes) override { return write(bytes, {}); }

  std::size_t write(std::span<const std::byte> head, std::span<const std::byte> body) override {
    boost::system::error_code failure;
    const std::size_t taken = socket().send(head, body, failure);
    if (taken == head.size() + body.size()) return taken;
    if (failure && failure != asio::error::would_block) {
      post_failure(error(errc::system, "the connection broke", failure));
    } else {
      socket().wait_writable();
    }
    return taken;
  }

  bool gathers() const noexcept override { return true; }

  void end() override { socket().shutdown_send(); }

 private:
  void readable() override {
    const std::span<std::byte> room = loop().read_buffer();
    for (int i = 0; i < reads_per_turn && reading(); ++i) {
      boost::system::error_code failure;
      const std::size_t count = socket().receive(room, failure);
      if (failure == asio::error::would_block) break;
      if (failure == asio::error::eof) {
        stop_reading();
        connection()->on_stream_end();
        return;
      }
      if (failure) {
        fail_connection(failure);
        return;
      }
      connection()->on_bytes(room.first(count));
      if (count < room.size()) break;
    }
    if (reading()) socket().wait_readable();
  }

  void writable() override { connection()->on_writable(); }
};

}  // namespace

void start_tcp_transport(stream_socket socket, std::shared_ptr<wire_connection> connection,
                         std::span<std::byte> already_read) {
  auto& own_loop = event_loop::of(socket.get_executor().context());
  socket_transport::start(std::make_shared<tcp_transport>(own_loop, std::move(connection)), std::move(socket),
                          already_read);
}

}  // namespace twinsocket::detail
