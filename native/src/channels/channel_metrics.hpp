#pragma once

// What the channels of a server count. Any thread adds.

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "twinsocket/channel_protocol.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

class channel_metrics {
 public:
  void count_subscription(int change) noexcept { add(subscriptions_, static_cast<std::uint64_t>(change)); }
  void count_publication(bool by_client) noexcept { add(by_client ? by_clients_ : by_server_, 1); }
  void count_recovery(channel_protocol::recovery outcome) noexcept {
    add(recoveries_[static_cast<std::size_t>(outcome)], 1);
  }
  void count_refusal(channel_protocol::failure_code code) noexcept {
    add(refusals_[static_cast<std::size_t>(code)], 1);
  }
  void count_gap() noexcept { add(gaps_, 1); }
  void count_call(std::chrono::nanoseconds took, bool ok) noexcept {
    add(calls_, 1);
    add(call_nanoseconds_, static_cast<std::uint64_t>(took.count()));
    if (!ok) add(failed_calls_, 1);
  }

  /// In the text format of Prometheus. `channels` is the number of those with subscribers.
  [[nodiscard]] std::string text(std::size_t channels, bool broker_ok) const;

 private:
  using counter = std::atomic<std::uint64_t>;
  static void add(counter& to, std::uint64_t count) noexcept { to.fetch_add(count, std::memory_order_relaxed); }

  counter subscriptions_{0};
  counter by_clients_{0};
  counter by_server_{0};
  std::array<counter, 4> recoveries_{};
  std::array<counter, 6> refusals_{};
  counter gaps_{0};
  counter calls_{0};
  counter failed_calls_{0};
  counter call_nanoseconds_{0};
};

}  // namespace twinsocket::detail
