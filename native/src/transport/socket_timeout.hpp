#pragma once

#include <chrono>

#include "transport/event_loop.hpp"
#include "transport/socket.hpp"

namespace twinsocket::detail {

/// A timeout for the operations of a socket: cancels them when it expires, until it is set again or cleared.
class socket_timeout final : private timer {
 public:
  explicit socket_timeout(stream_socket& socket)
      : loop_(event_loop::of(socket.get_executor().context())), socket_(socket) {}

  /// Starts the timeout.
  void set(std::chrono::milliseconds limit) {
    expired_ = false;
    loop_.arm(*this, add_saturating(loop_.now(), limit));
  }
  void clear() {
    if (armed()) timer::unlink();
  }
  [[nodiscard]] bool expired() const noexcept { return expired_; }

 private:
  void on_timer(time_point now) override {
    expired_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
    // A composed operation may be between two of its steps. Cancels again, to catch the next step.
    loop_.arm(*this, now + once_more);
  }

  static constexpr std::chrono::milliseconds once_more{10};

  event_loop& loop_;
  stream_socket& socket_;
  bool expired_ = false;
};

}  // namespace twinsocket::detail
