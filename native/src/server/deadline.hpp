#pragma once

#include <chrono>

#include "transport/event_loop.hpp"
#include "transport/socket.hpp"

namespace twinsocket::detail {

/// A timeout for the operations of a socket: cancels them when it expires, until it is set again or cleared.
class deadline final : private timer {
 public:
  explicit deadline(stream_socket& socket) : loop_(event_loop::of(socket.get_executor().context())), socket_(socket) {}

  /// Starts the timeout.
  void set(std::chrono::milliseconds limit) {
    passed_ = false;
    loop_.arm(*this, later(loop_.now(), limit));
  }
  void clear() {
    if (armed()) timer::unlink();
  }
  [[nodiscard]] bool passed() const noexcept { return passed_; }

 private:
  void on_time(time_point now) override {
    passed_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
    // A composed operation may be between two of its steps. Cancels again, to catch the next step.
    loop_.arm(*this, now + once_more);
  }

  static constexpr std::chrono::milliseconds once_more{10};

  event_loop& loop_;
  stream_socket& socket_;
  bool passed_ = false;
};

}  // namespace twinsocket::detail
