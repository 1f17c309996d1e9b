#include "channels/redis_session.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <utility>

#include "twinsocket/native/asio.hpp"

namespace twinsocket::detail {

namespace asio = boost::asio;

void redis_session::start() {
  spawn(read_loop(shared_from_this()));
  spawn(write_loop(shared_from_this()));
}

void redis_session::send(std::string_view command) {
  output_ += command;
  output_added_.notify();
}

void redis_session::update_reading() {
  if (!listener_) return;
  if (listener_->is_reading()) {
    reading_changed_.notify();
  } else if (read_pending_) {
    // Nothing is being written either: a reply would then be missing.
    boost::system::error_code ignored;
    stream_->socket().cancel(ignored);
  }
}

void redis_session::close() noexcept {
  listener_ = nullptr;
  boost::system::error_code ignored;
  stream_->socket().close(ignored);
  output_added_.notify();
  reading_changed_.notify();
}

void redis_session::fail(error why) {
  auto* const to = listener_;
  close();
  if (to) to->on_lost(std::move(why));
}

task<void> redis_session::read_loop(std::shared_ptr<redis_session> self) {
  std::array<char, 16 * 1024> room;
  while (self->listener_) {
    if (!self->listener_->is_reading()) {
      co_await self->reading_changed_.wait();
      continue;
    }
    self->read_pending_ = true;
    const auto buffer = asio::buffer(room);
    const auto [failure, count] = co_await self->stream_->async_read_some(buffer, native::use_task);
    self->read_pending_ = false;
    if (!self->listener_) co_return;
    if (failure == asio::error::operation_aborted) continue;
    if (failure == asio::error::eof) {
      self->fail({errc::closed, "the server closed the connection"});
    } else if (failure) {
      self->fail(self->stream_->tls_failure().value_or(error(errc::closed, "the connection was lost", failure)));
    } else {
      self->received({room.data(), count});
    }
  }
}

task<void> redis_session::write_loop(std::shared_ptr<redis_session> self) {
  while (self->listener_) {
    if (self->output_.empty()) {
      co_await self->output_added_.wait();
      continue;
    }
    self->sending_.clear();
    self->sending_.swap(self->output_);
    std::size_t sent = 0;
    while (sent < self->sending_.size()) {
      const auto rest = asio::buffer(self->sending_.data() + sent, self->sending_.size() - sent);
      const auto [failure, count] = co_await self->stream_->async_write_some(rest, native::use_task);
      if (!self->listener_) co_return;
      if (failure) {
        self->fail(self->stream_->tls_failure().value_or(error(errc::closed, "the connection was lost", failure)));
        co_return;
      }
      sent += count;
    }
  }
}

void redis_session::received(std::string_view bytes) {
  parser_.feed(bytes);
  while (listener_) {
    auto reply = parser_.next();
    if (!reply) return fail(reply.error());
    if (!*reply) return;
    listener_->on_reply(std::move(**reply));
  }
}

}  // namespace twinsocket::detail
