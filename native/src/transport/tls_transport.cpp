#include <algorithm>
#include <boost/asio/error.hpp>
#include <utility>

#include "transport/start_transport.hpp"
#include "transport/tls_output.hpp"

namespace twinsocket::detail {

namespace {

namespace asio = boost::asio;

// Most bytes that are encrypted at once, and sent in one call.
constexpr std::size_t max_write_size = 128 * 1024;
// Most unsent output of the engine itself (responses to key updates) while the peer reads nothing. More is an attack.
constexpr std::size_t max_unsent_output = max_write_size * 4;

class tls_transport final : public socket_transport {
 public:
  tls_transport(event_loop& own_loop, std::unique_ptr<tls_engine> engine, std::shared_ptr<wire_connection> connection)
      : socket_transport(own_loop, std::move(connection)), engine_(std::move(engine)) {}

  // Bytes count as written once all of their records are sent, so that at most one piece is buffered here.
  std::size_t write(std::span<const std::byte> bytes) override {
    std::size_t taken = 0;
    for (;;) {
      if (!send_output()) return taken;
      taken += std::exchange(pending_plain_bytes_, 0);
      if (taken == bytes.size()) return taken;
      const auto piece = bytes.subspan(taken, std::min(bytes.size() - taken, max_write_size));
      if (!engine_->write(piece)) {
        post_failure(engine_->failure());
        return taken;
      }
      pending_plain_bytes_ = piece.size();
    }
  }

  void end() override {
    engine_->finish();
    ending_ = true;
    if (send_output()) socket().shutdown_send();
  }

 private:
  // The socket does not become readable for data that arrived with the handshake, or was buffered while reading was paused.
  bool has_buffered_input() const noexcept override { return engine_->pending(); }

  // The thread's read buffer is split: received bytes go into the second part and are decrypted into the first, which is
  // large enough for all of them and for a record that was incomplete before.
  void readable() override {
    const std::span<std::byte> room = loop().read_buffer();
    const std::span<std::byte> plain = room.first(room.size() / 2 + 32 * 1024);
    const std::span<std::byte> coded = room.subspan(plain.size());
    if (engine_->pending() && !deliver(plain)) return;
    for (int i = 0; i < reads_per_turn && reading(); ++i) {
      boost::system::error_code failure;
      const std::size_t count = socket().receive(coded, failure);
      if (failure == asio::error::would_block) break;
      if (failure == asio::error::eof)
        return fail_connection(
            error(errc::tls_failed, "the stream was truncated: it ended without the close_notify of TLS"));
      if (failure) return fail_connection(failure);
      engine_->feed(coded.first(count));
      if (!deliver(plain)) return;
      if (count < coded.size()) break;
    }
    engine_->retain_input();
    if (reading()) read(true);
  }

  /// Delivers decrypted data while the connection wants to read. False at the end of the stream.
  bool deliver(std::span<std::byte> plain) {
    auto now = tls_engine::progress::done;
    while (reading() && now == tls_engine::progress::done) {
      std::size_t count = 0;
      now = engine_->read(plain, count);
      if (count != 0) connection()->on_bytes(plain.first(count));
    }
    if (!engine_->output().empty()) send_output();
    if (now == tls_engine::progress::ended) {
      stop_reading();
      connection()->on_stream_end();
      return false;
    }
    if (now == tls_engine::progress::failed || engine_->output().size() > max_unsent_output) {
      fail_connection(now == tls_engine::progress::failed
                          ? engine_->failure()
                          : error(errc::tls_failed, "the peer requests TLS responses without reading them"));
      return false;
    }
    return true;
  }

  void writable() override {
    if (!send_output()) return;
    if (ending_) return socket().shutdown_send();
    connection()->on_writable();
  }

  /// Sends the output of the engine. True if all of it is sent.
  bool send_output() {
    boost::system::error_code failure;
    const auto send = [&](std::span<const std::byte> bytes, boost::system::error_code& error) {
      return socket().send(bytes, {}, error);
    };
    if (output_.flush(*engine_, send, failure)) return true;
    if (failure) {
      post_failure(error(errc::system, "the connection broke", failure));
    } else {
      socket().wait_writable();
    }
    return false;
  }

  std::unique_ptr<tls_engine> engine_;
  std::size_t pending_plain_bytes_ = 0;  // Bytes passed to write() whose records are not all sent.
  tls_output output_;
  bool ending_ = false;
};

}  // namespace

void start_tls_transport(stream_socket socket, std::unique_ptr<tls_engine> engine,
                         std::shared_ptr<wire_connection> connection, std::span<std::byte> already_read) {
  auto& own_loop = event_loop::of(socket.get_executor().context());
  socket_transport::start(std::make_shared<tls_transport>(own_loop, std::move(engine), std::move(connection)),
                          std::move(socket), already_read);
}

}  // namespace twinsocket::detail
