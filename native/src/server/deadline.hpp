#pragma once

#include <chrono>

#include "transport/tcp.hpp"

namespace twinsocket::detail {

/// Ends what a socket waits for once its time is over.
class deadline final : private timer {
 public:
  explicit deadline(tcp_socket& socket) : loop_(event_loop::of(socket.get_executor().context())), socket_(socket) {}

  /// What is begun from now on has this long.
  void set(std::chrono::milliseconds limit) {
    passed_ = false;
    loop_.arm(*this, loop_.now() + limit);
  }
  void clear() {
    if (armed()) timer::unlink();
  }
  [[nodiscard]] bool passed() const noexcept { return passed_; }

 private:
  void on_time(time_point) override {
    passed_ = true;
    boost::system::error_code ignored;
    socket_.cancel(ignored);
  }

  event_loop& loop_;
  tcp_socket& socket_;
  bool passed_ = false;
};

}  // namespace twinsocket::detail
