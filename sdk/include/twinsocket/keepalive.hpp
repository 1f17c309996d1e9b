#pragma once

// How a peer that is gone is found (RFC 6455 section 5.5.2).

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>

namespace twinsocket {

/// After `interval` in which nothing was heard a ping is sent; when nothing is heard for `time_limit` after it, the
/// connection is lost (close code 1006) with errc::no_answer. On by default in both roles.
///
/// A browser cannot send pings. There the client offers "NAME+heartbeat" with each subprotocol NAME, and a server that
/// takes it (websocket_options::heartbeat; "heartbeat" is the name where no subprotocol is spoken) answers the text U+0000,
/// which is then no message. Where the server takes the plain name, only the server's own pings find who is gone.
class keepalive {
 public:
  /// Silence after which a ping is sent: 30 s. milliseconds::max(), and 0 or less, send none.
  keepalive& interval(std::chrono::milliseconds time) { interval_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds interval() const noexcept { return interval_; }

  /// How long the peer has to be heard after a ping: 20 s; milliseconds::max() is as long as it likes.
  keepalive& time_limit(std::chrono::milliseconds time) { time_limit_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds time_limit() const noexcept { return time_limit_; }

  /// Sends no pings and never gives a silent peer up.
  keepalive& off() { on_ = false; return *this; }
  [[nodiscard]] bool on() const noexcept { return on_ && interval_.count() > 0; }

 private:
  std::chrono::milliseconds interval_{30'000};
  std::chrono::milliseconds time_limit_{20'000};
  bool on_ = true;
};

}  // namespace twinsocket
