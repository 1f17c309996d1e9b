#pragma once

// Counters of all sessions of a thread, in addition to those of each session.

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace twinsocket::detail {

/// A counter with one writing thread. Any thread may read it. It needs neither a lock nor an atomic read-modify-write
/// operation.
class counter {
 public:
  void add(std::uint64_t more = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Why a message was dropped from a full send queue.
enum class drop_reason : std::uint8_t {
  newest,    ///< drop_newest refused it, or latest_per_key had no room for it.
  oldest,    ///< drop_oldest made room.
  replaced,  ///< latest_per_key replaced it with a later message of its key.
  closed,    ///< overflow_policy::close closed the connection.
};
inline constexpr std::size_t drop_reasons = 4;

/// Histogram of the round-trip times of pings.
class round_trip_histogram {
 public:
  static constexpr std::array<std::chrono::microseconds, 11> bounds{
      std::chrono::microseconds(500),     std::chrono::microseconds(1'000),    std::chrono::microseconds(2'500),
      std::chrono::microseconds(5'000),   std::chrono::microseconds(10'000),   std::chrono::microseconds(25'000),
      std::chrono::microseconds(50'000),  std::chrono::microseconds(100'000),  std::chrono::microseconds(250'000),
      std::chrono::microseconds(500'000), std::chrono::microseconds(1'000'000)};

  void add(std::chrono::nanoseconds took) noexcept {
    std::size_t place = 0;
    while (place < bounds.size() && took > bounds[place]) ++place;
    counts_[place].add();
    nanoseconds_.add(static_cast<std::uint64_t>(took.count()));
  }
  /// The number of round trips in one bucket: at most bounds[place] and above the bound before. The last bucket has all
  /// longer ones.
  [[nodiscard]] std::uint64_t count(std::size_t place) const noexcept { return counts_[place].value(); }
  [[nodiscard]] std::uint64_t nanoseconds() const noexcept { return nanoseconds_.value(); }

 private:
  std::array<counter, bounds.size() + 1> counts_;
  counter nanoseconds_;
};

struct session_metrics {
  counter messages_received;
  counter messages_sent;
  counter bytes_received;
  counter bytes_sent;
  std::array<counter, drop_reasons> dropped;
  round_trip_histogram pings;
};

}  // namespace twinsocket::detail
