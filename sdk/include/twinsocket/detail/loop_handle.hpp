#pragma once

// The part of an event loop that other threads may hold. It outlives the loop, and rejects work once the loop has
// ended.

#include "twinsocket/detail/cxx20.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace twinsocket::detail {

class loop;

class loop_handle {
 public:
  explicit loop_handle(loop& target) noexcept : loop_(&target) {}

  /// Runs `work` in a later turn of the loop, in the order of the calls. Returns false and destroys `work` once the
  /// loop has ended. Work that has not started when the loop ends is destroyed on the loop's thread. From any thread.
  bool post(std::function<void()> work);

  /// True once post() fails. From any thread.
  [[nodiscard]] bool ended() const noexcept { return ended_.load(std::memory_order_acquire); }

  /// The loop. Only valid in its turns.
  [[nodiscard]] loop& target() const noexcept { return *loop_; }

  /// True on the thread that last ran the loop, also between its turns.
  [[nodiscard]] bool on_loop_thread() const noexcept {
    return thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
  }

 private:
  friend class loop;
  [[nodiscard]] std::vector<std::function<void()>> take_posted();
  [[nodiscard]] std::vector<std::function<void()>> end();

  loop* const loop_;
  std::atomic<bool> ended_{false};
  std::atomic<std::thread::id> thread_{};
  std::mutex mutex_;
  std::vector<std::function<void()>> posted_;
};

}  // namespace twinsocket::detail
