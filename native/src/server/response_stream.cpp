#include "server/response_stream.hpp"

#include <boost/asio/write.hpp>
#include <utility>

#include "attempt.hpp"
#include "http/chunked.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket::detail {

namespace {

using namespace std::chrono_literals;

// Upper bound of the buffer for pipelined requests.
constexpr std::size_t max_pipelined_bytes = 16 * 1024;
constexpr std::size_t read_size = 2 * 1024;
// Interval of repeated cancellation, because a composed operation may have been between two of its steps.
constexpr auto cancel_again = 10ms;

}  // namespace

void response_stream::watch_disconnect() {
  spawn(watch(shared_from_this()), [self = shared_from_this()](const std::exception_ptr& failure) {
    self->watching_ = false;
    self->on_task_end(failure);
  });
}

void response_stream::keep_alive(std::chrono::milliseconds every) {
  comment_interval_ = every;
  loop& own_loop = *loop::current();
  own_loop.arm(*this, add_saturating(own_loop.now(), every));
}

task<result<void>> response_stream::write(std::shared_ptr<response_stream> self, std::string bytes) {
  if (!self->is_open()) co_return self->failure_;
  if (bytes.empty()) co_return result<void>();
  self->add(bytes);
  const std::uint64_t mine = self->queued_;
  self->start_sending();
  while (self->open_ && self->sent_ < mine) co_await self->progress_.wait();
  if (self->sent_ < mine) co_return self->failure_;
  co_return result<void>();
}

task<void> response_stream::closed(std::shared_ptr<response_stream> self) {
  while (self->is_open()) co_await self->progress_.wait();
}

task<bool> response_stream::end(std::shared_ptr<response_stream> self, bool complete) {
  self->timer::unlink();
  if (complete && self->open_ && self->chunked_) {
    self->pending_ += last_chunk;
    self->queued_ += last_chunk.size();
    self->start_sending();
  }
  while (self->open_ && self->sending_) co_await self->progress_.wait();
  self->ending_ = true;
  boost::system::error_code ignored;
  if (self->watching_ || self->sending_) self->context_.stream.socket().cancel(ignored);
  while (self->watching_ || self->sending_) {
    self->context_.limit.set(cancel_again);
    co_await self->progress_.wait();
  }
  self->context_.limit.clear();
  const bool usable = std::exchange(self->open_, false) && complete;
  self->progress_.notify();
  co_return usable;
}

void response_stream::stop() {
  if (comment_interval_ == 0ms) return;
  stopping_ = true;
  failure_ = error(errc::closed, "the server stops");
  progress_.notify();
}

void response_stream::add(std::string_view bytes) {
  const std::size_t before = pending_.size();
  if (chunked_) {
    append_chunk(pending_, bytes);
  } else {
    pending_ += bytes;
  }
  queued_ += pending_.size() - before;
}

void response_stream::start_sending() {
  if (sending_) return;
  spawn(send(shared_from_this()), [self = shared_from_this()](const std::exception_ptr& failure) {
    self->sending_ = false;
    self->on_task_end(failure);
  });
}

// Only std::bad_alloc is expected.
void response_stream::on_task_end(const std::exception_ptr& failure) noexcept {
  if (!failure) return progress_.notify();
  if (!attempt([&] { rethrow(failure); })) close(error(errc::system, "out of memory"));
}

task<void> response_stream::send(std::shared_ptr<response_stream> self) {
  self->sending_ = true;
  response_stream_context& to = self->context_;
  while (self->open_ && !self->pending_.empty()) {
    self->write_buffer_.clear();
    self->write_buffer_.swap(self->pending_);
    for (std::string_view rest = self->write_buffer_; self->open_ && !rest.empty();) {
      const std::string_view piece = rest.substr(0, max_write_size);
      to.limit.set(to.idle_timeout);
      auto [failure, count] = co_await boost::asio::async_write(
          to.stream, boost::asio::const_buffer(piece.data(), piece.size()), native::use_task);
      const bool late = to.limit.expired();
      to.limit.clear();
      rest.remove_prefix(count);
      self->sent_ += count;
      if (failure && late) {
        self->close(error(errc::timed_out,
                          "the client accepted no bytes for " + std::to_string(to.idle_timeout.count()) + " ms"));
      } else if (failure) {
        self->close(error(errc::closed, "the client has disconnected", failure));
      }
    }
    self->progress_.notify();
  }
}

// Waits for the end of the stream. Bytes that arrive belong to a pipelined request and are buffered.
task<void> response_stream::watch(std::shared_ptr<response_stream> self) {
  self->watching_ = true;
  response_stream_context& from = self->context_;
  while (self->open_ && !self->ending_ && from.pipelined.size() < max_pipelined_bytes) {
    auto [failure, count] = co_await from.stream.async_read_some(from.pipelined.prepare(read_size), native::use_task);
    from.pipelined.commit(count);
    if (!failure) continue;
    // A write timeout cancels this read too; send() reports it.
    if (!self->ending_ && !from.limit.expired())
      self->close(error(errc::closed, "the client has disconnected", failure));
    break;
  }
}

void response_stream::on_timer(time_point now) {
  if (!is_open()) return;
  if (!sending_) {
    add(":\n\n");
    start_sending();
  }
  loop::current()->arm(*this, add_saturating(now, comment_interval_));
}

void response_stream::close(error why) {
  if (!std::exchange(open_, false)) return progress_.notify();
  if (!stopping_) failure_ = std::move(why);
  boost::system::error_code ignored;
  context_.stream.socket().cancel(ignored);
  progress_.notify();
}

}  // namespace twinsocket::detail
