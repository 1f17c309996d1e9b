#include "transport/http_stream.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <chrono>

#include "tls/nested_engine.hpp"
#include "transport/event_loop.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket::detail {

namespace {

namespace asio = boost::asio;

// Most bytes that are encrypted at once.
constexpr std::size_t max_encrypted_at_once = 64 * 1024;

}  // namespace

task<result<void>> http_stream::secure(std::unique_ptr<tls_engine> engine, std::span<const std::byte> already_read) {
  engine_ = engine_ ? make_nested_engine(std::move(engine_), std::move(engine)) : std::move(engine);
  boost::system::error_code ignored;
  socket_.non_blocking(true, ignored);
  if (!already_read.empty()) engine_->feed(already_read);
  for (;;) {
    const auto now = engine_->handshake();
    engine_->retain_input();
    step_result sent;
    while (!flush(sent) && !sent.failure) {
      const auto gone = co_await socket_.async_wait(stream_socket::wait_write, native::use_task);
      if (gone) co_return error(errc::system, "the connection was lost during the TLS handshake", gone);
    }
    if (sent.failure) co_return error(errc::system, "the connection ended within the TLS handshake", sent.failure);
    if (now == tls_engine::progress::done) co_return result<void>();
    if (now == tls_engine::progress::failed) co_return engine_->failure();
    if (now == tls_engine::progress::ended)
      co_return error(errc::tls_failed, "the peer closed TLS during the handshake");
    step_result fed;
    while (!feed(fed)) {
      if (fed.failure == asio::error::eof)
        co_return error(errc::tls_failed, "the peer closed the connection during the TLS handshake");
      if (fed.failure) co_return error(errc::system, "the connection was lost during the TLS handshake", fed.failure);
      const auto gone = co_await socket_.async_wait(stream_socket::wait_read, native::use_task);
      if (gone) co_return error(errc::system, "the connection was lost during the TLS handshake", gone);
    }
  }
}

std::optional<error> http_stream::tls_failure() {
  if (!engine_) return {};
  // If a write failed, an alert of the peer may still be unread in the socket.
  step_result came;
  std::array<std::byte, 256> room;
  std::size_t count = 0;
  if (engine_->failure() == errc::ok && feed(came)) {
    static_cast<void>(engine_->read(room, count));
    engine_->retain_input();
  }
  if (engine_->failure() == errc::ok) return {};
  return engine_->failure();
}

void http_stream::end() {
  step_result ignored;
  if (engine_) {
    engine_->finish();
    static_cast<void>(flush(ignored));
  }
  socket_.shutdown(stream_socket::shutdown_send, ignored.failure);
}

http_stream::step_result http_stream::step(asio::mutable_buffer room, bool) {
  step_result now;
  for (;;) {
    auto went = engine_->read({static_cast<std::byte*>(room.data()), room.size()}, now.count);
    engine_->retain_input();
    now.done = true;
    if (step_result sent; !engine_->output().empty() && !flush(sent)) now.failure = sent.failure;
    if (now.count != 0 || room.size() == 0) return now;
    if (went == tls_engine::progress::ended) now.failure = asio::error::eof;
    if (went == tls_engine::progress::failed) now.failure = make_error_code(boost::system::errc::protocol_error);
    if (now.failure) return now;
    now.done = false;
    if (feed(now)) continue;
    now.done = static_cast<bool>(now.failure);
    return now;
  }
}

http_stream::step_result http_stream::step(asio::const_buffer bytes, bool first) {
  step_result now;
  const auto piece = std::span(static_cast<const std::byte*>(bytes.data()), bytes.size())
                         .first(std::min(bytes.size(), max_encrypted_at_once));
  if (first && !engine_->write(piece)) {
    now.done = true;
    now.failure = make_error_code(boost::system::errc::protocol_error);
    return now;
  }
  now.done = flush(now) || now.failure;
  now.needs_write = true;
  if (!now.failure) now.count = piece.size();
  return now;
}

bool http_stream::flush(step_result& now) {
  const auto send = [&](std::span<const std::byte> bytes, boost::system::error_code& failure) {
    return socket_.send(asio::buffer(bytes.data(), bytes.size()), 0, failure);
  };
  return output_.flush(*engine_, send, now.failure);
}

bool http_stream::feed(step_result& now) {
  const std::span<std::byte> room = event_loop::of(socket_.get_executor().context()).read_buffer();
  const std::size_t count = socket_.receive(asio::buffer(room.data(), room.size()), 0, now.failure);
  if (now.failure == asio::error::would_block) now.failure = {};
  if (count == 0) return false;
  engine_->feed(std::span<const std::byte>(room.first(count)));
  return true;
}

}  // namespace twinsocket::detail
