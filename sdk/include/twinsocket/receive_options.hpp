#pragma once

// How long a receive waits.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "twinsocket/cancel.hpp"

namespace twinsocket {

/// A receive that ends by its time limit or is cancelled loses no message and leaves the connection as it is: the next
/// receive goes on where this one stopped.
class receive_options {
 public:
  /// Waits this long for a message and then fails with errc::timed_out. Without it: as long as the connection lasts.
  receive_options& time_limit(std::chrono::nanoseconds time) { time_limit_ = time; return *this; }
  [[nodiscard]] std::optional<std::chrono::nanoseconds> time_limit() const noexcept { return time_limit_; }

  /// Fails with errc::cancelled when `stop` is cancelled: a cancellation_source, or a std::stop_token.
  receive_options& cancel_on(cancellation_token stop) { stop_ = std::move(stop); return *this; }
  [[nodiscard]] const cancellation_token& stop() const noexcept { return stop_; }

 private:
  std::optional<std::chrono::nanoseconds> time_limit_;
  cancellation_token stop_;
};

}  // namespace twinsocket
