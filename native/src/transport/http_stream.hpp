#pragma once

// A connected socket for the opening handshake, with or without TLS: Beast reads and writes HTTP on it. Meets Asio's
// AsyncReadStream and AsyncWriteStream requirements. One read and one write at a time.

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/post.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include "tls/tls_engine.hpp"
#include "transport/socket.hpp"
#include "transport/tls_output.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

class http_stream {
 public:
  using executor_type = boost::asio::io_context::executor_type;

  explicit http_stream(stream_socket socket) : socket_(std::move(socket)) {}

  [[nodiscard]] executor_type get_executor() { return socket_.get_executor(); }
  [[nodiscard]] stream_socket& socket() noexcept { return socket_; }

  /// Performs a TLS handshake; later reads and writes are encrypted. If TLS is active already, the new session is nested in
  /// it. `already_read` are bytes of the peer that were read before. Fails with errc::tls_failed, or with errc::system if
  /// the socket failed.
  [[nodiscard]] task<result<void>> secure(std::unique_ptr<tls_engine> engine,
                                          std::span<const std::byte> already_read = {});
  [[nodiscard]] bool is_secure() const noexcept { return engine_ != nullptr; }
  [[nodiscard]] std::shared_ptr<const client_certificate> peer_certificate() const {
    return engine_ ? engine_->peer_certificate() : nullptr;
  }
  [[nodiscard]] std::unique_ptr<tls_engine> take_engine() noexcept { return std::move(engine_); }

  /// True if async_read_some can complete from buffered TLS data, for which the socket does not become readable.
  [[nodiscard]] bool pending() const noexcept { return engine_ && engine_->pending(); }
  /// The TLS error behind a failed operation, if there is one. With TLS 1.3 a server rejects a client certificate only after
  /// the handshake.
  [[nodiscard]] std::optional<error> tls_failure();

  /// Sends close_notify under TLS and shuts down the sending direction. Does not wait.
  void end();

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, Buffers room) {
          if (!engine_) {
            socket_.async_read_some(room, std::move(handler));
          } else {
            boost::asio::async_compose<decltype(handler), void(boost::system::error_code, std::size_t)>(
                operation<boost::asio::mutable_buffer>{*this, first_buffer<boost::asio::mutable_buffer>(room)}, handler,
                socket_);
          }
        },
        token, buffers);
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, Buffers bytes) {
          if (!engine_) {
            socket_.async_write_some(bytes, std::move(handler));
          } else {
            boost::asio::async_compose<decltype(handler), void(boost::system::error_code, std::size_t)>(
                operation<boost::asio::const_buffer>{*this, first_buffer<boost::asio::const_buffer>(bytes)}, handler,
                socket_);
          }
        },
        token, buffers);
  }

 private:
  template <class Buffer, class Buffers>
  static Buffer first_buffer(const Buffers& buffers) {
    for (auto one = boost::asio::buffer_sequence_begin(buffers); one != boost::asio::buffer_sequence_end(buffers);
         ++one)
      if (const Buffer buffer(*one); buffer.size() != 0) return buffer;
    return {};
  }

  /// The result of a step that does not wait.
  struct step_result {
    bool done = false;
    bool needs_write = false;  ///< If not over: it waits to write, else to read.
    std::size_t count = 0;
    boost::system::error_code failure;
  };
  [[nodiscard]] step_result step(boost::asio::mutable_buffer room, bool first);
  [[nodiscard]] step_result step(boost::asio::const_buffer bytes, bool first);
  /// Sends the engine's output. True if all of it is sent; else `now` has the error, if any.
  [[nodiscard]] bool flush(step_result& now);
  /// Reads from the socket and feeds the engine. True if it read anything.
  [[nodiscard]] bool feed(step_result& now);

  // An operation that completes without waiting calls its handler by post(), as Asio requires.
  template <class Buffer>
  struct operation {
    http_stream& stream;
    Buffer buffer;
    step_result now{};
    bool waited = false;

    template <class Self>
    void operator()(Self& self, boost::system::error_code failure = {}) {
      if (failure) return self.complete(failure, 0);
      if (!now.done) now = stream.step(buffer, !waited);
      if (now.done && waited) return self.complete(now.failure, now.count);
      waited = true;
      if (now.done) {
        boost::asio::post(stream.socket_.get_executor(), std::move(self));
      } else {
        stream.socket_.async_wait(now.needs_write ? stream_socket::wait_write : stream_socket::wait_read,
                                  std::move(self));
      }
    }
  };

  stream_socket socket_;
  std::unique_ptr<tls_engine> engine_;
  tls_output output_;
};

}  // namespace twinsocket::detail
