#include "transport/tcp.hpp"

#include <openssl/rand.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <chrono>
#include <cstdlib>
#include <utility>

namespace twinsocket::detail {

namespace {

namespace asio = boost::asio;

// One turn of a connection brings at most this many full read buffers, so that a flood on one does not starve the others.
constexpr int reads_per_turn = 4;

class tcp_transport final : public byte_transport, public std::enable_shared_from_this<tcp_transport> {
 public:
  tcp_transport(tcp_socket socket, std::shared_ptr<wire_connection> connection)
      : loop_(event_loop::of(socket.get_executor().context())),
        socket_(std::move(socket)),
        connection_(std::move(connection)) {}

  void start(std::span<std::byte> already_read) {
    self_ = shared_from_this();
    boost::system::error_code ignored;
    socket_.non_blocking(true, ignored);
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    connection_->start(*this);
    if (connection_ && !already_read.empty()) connection_->arrived(already_read);
  }

  std::size_t write(std::span<const std::byte> bytes) override {
    boost::system::error_code failure;
    const std::size_t taken = socket_.send(asio::buffer(bytes.data(), bytes.size()), 0, failure);
    if (taken == bytes.size()) return taken;
    if (failure && failure != asio::error::would_block) {
      loop_.post([self = shared_from_this(), failure] { self->broke(failure); });
    } else {
      wait_until_writable();
    }
    return taken;
  }

  void read(bool wanted) override {
    reading_ = wanted;
    if (reading_ && !waiting_) wait_until_readable();
  }

  void end() override {
    boost::system::error_code ignored;
    socket_.shutdown(tcp_socket::shutdown_send, ignored);
  }

  void cut() override {
    boost::system::error_code ignored;
    socket_.close(ignored);
    const auto self = std::move(self_);
    connection_.reset();
  }

  [[nodiscard]] std::string remote_address() const override {
    boost::system::error_code failure;
    const auto endpoint = socket_.remote_endpoint(failure);
    if (failure) return {};
    const std::string address = endpoint.address().to_string();
    return (endpoint.address().is_v6() ? "[" + address + "]" : address) + ":" + std::to_string(endpoint.port());
  }

 private:
  void wait_until_readable() {
    waiting_ = true;
    socket_.async_wait(tcp_socket::wait_read, [self = shared_from_this()](const boost::system::error_code& failure) {
      self->waiting_ = false;
      if (failure || !self->reading_ || !self->connection_) return;
      const loop::turn turn(self->loop_, std::chrono::steady_clock::now());
      self->readable();
    });
  }

  void wait_until_writable() {
    socket_.async_wait(tcp_socket::wait_write, [self = shared_from_this()](const boost::system::error_code& failure) {
      if (failure || !self->connection_) return;
      const loop::turn turn(self->loop_, std::chrono::steady_clock::now());
      self->connection_->writable();
    });
  }

  void readable() {
    const std::span<std::byte> room = loop_.read_buffer();
    for (int i = 0; i < reads_per_turn && reading_; ++i) {
      boost::system::error_code failure;
      const std::size_t count = socket_.receive(asio::buffer(room.data(), room.size()), 0, failure);
      if (failure == asio::error::would_block) break;
      if (failure == asio::error::eof) {
        reading_ = false;
        connection_->ended();
        return;
      }
      if (failure) {
        broke(failure);
        return;
      }
      connection_->arrived(room.first(count));
      if (count < room.size()) break;
    }
    if (reading_) wait_until_readable();
  }

  void broke(const boost::system::error_code& failure) {
    reading_ = false;
    if (connection_) connection_->broke(error(errc::system, "the TCP connection broke", failure));
  }

  event_loop& loop_;
  tcp_socket socket_;
  std::shared_ptr<wire_connection> connection_;
  std::shared_ptr<tcp_transport> self_;  // Until it is cut.
  bool reading_ = false;
  bool waiting_ = false;
};

}  // namespace

std::shared_ptr<wire_connection> start_tcp(tcp_socket socket, const session_options& options, std::string subprotocol,
                                           std::span<std::byte> already_read) {
  auto& loop = event_loop::of(socket.get_executor().context());
  auto connection = std::make_shared<wire_connection>(loop, options, std::move(subprotocol));
  std::make_shared<tcp_transport>(std::move(socket), connection)->start(already_read);
  return connection;
}

void random_bytes(std::span<std::byte> out) {
  // Without randomness a client's masks could be guessed (RFC 6455 section 10.3): then there is nothing to go on with.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) != 1) std::abort();
}

}  // namespace twinsocket::detail
