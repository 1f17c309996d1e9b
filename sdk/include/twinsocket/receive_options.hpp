#pragma once

// A setter and its getter take one line each.
// clang-format off

// Timeout and cancellation of receive().

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <optional>
#include <utility>

#include "twinsocket/cancel.hpp"
#include "twinsocket/detail/lifetime.hpp"

namespace twinsocket {

/// A receive that times out or is cancelled loses no message and leaves the connection open. The next receive continues
/// where this one stopped.
class receive_options {
 public:
  /// Receive timeout: receive() then fails with errc::timed_out. Default: none; it waits until the connection ends.
  receive_options& timeout(std::chrono::nanoseconds time) { timeout_ = time; return *this; }
  [[nodiscard]] std::optional<std::chrono::nanoseconds> timeout() const noexcept { return timeout_; }

  /// Fails with errc::cancelled when `stop` (a cancellation_source or a std::stop_token) is cancelled.
  receive_options& cancel_on(cancellation_token stop) { cancellation_ = std::move(stop); return *this; }
  /// The token of cancel_on().
  [[nodiscard]] const cancellation_token& cancellation() const noexcept TWINSOCKET_LIFETIMEBOUND { return cancellation_; }

 private:
  std::optional<std::chrono::nanoseconds> timeout_;
  cancellation_token cancellation_;
};

}  // namespace twinsocket
