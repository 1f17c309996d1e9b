#pragma once

// What all sessions of a thread have done together, besides what each counts for itself.

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace twinsocket::detail {

/// A count that one thread adds to and any thread reads, without a lock and without a locked instruction.
class tally {
 public:
  void add(std::uint64_t more = 1) noexcept {
    value_.store(value_.load(std::memory_order_relaxed) + more, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

/// Why a message was not sent that the outbound queue had no room for.
enum class drop_reason : std::uint8_t {
  newest,    ///< when_full::drop_newest refused it, or latest_per_key for want of room.
  oldest,    ///< when_full::drop_oldest made room.
  replaced,  ///< when_full::latest_per_key had a later one of its key.
  closed,    ///< when_full::close closed the connection.
};
inline constexpr std::size_t drop_reasons = 4;

/// How long answers to pings took, by upper bounds.
class round_trips {
 public:
  static constexpr std::array<std::chrono::microseconds, 11> bounds{
      std::chrono::microseconds(500),     std::chrono::microseconds(1'000),   std::chrono::microseconds(2'500),
      std::chrono::microseconds(5'000),   std::chrono::microseconds(10'000),  std::chrono::microseconds(25'000),
      std::chrono::microseconds(50'000),  std::chrono::microseconds(100'000), std::chrono::microseconds(250'000),
      std::chrono::microseconds(500'000), std::chrono::microseconds(1'000'000)};

  void add(std::chrono::nanoseconds took) noexcept {
    std::size_t place = 0;
    while (place < bounds.size() && took > bounds[place]) ++place;
    counts_[place].add();
    nanoseconds_.add(static_cast<std::uint64_t>(took.count()));
  }
  /// How many took no longer than bounds[place] and longer than the bound before; the last is for those beyond all.
  [[nodiscard]] std::uint64_t count(std::size_t place) const noexcept { return counts_[place].value(); }
  [[nodiscard]] std::uint64_t nanoseconds() const noexcept { return nanoseconds_.value(); }

 private:
  std::array<tally, bounds.size() + 1> counts_;
  tally nanoseconds_;
};

struct session_totals {
  tally messages_received;
  tally messages_sent;
  tally bytes_received;
  tally bytes_sent;
  std::array<tally, drop_reasons> dropped;
  round_trips pings;
};

}  // namespace twinsocket::detail
