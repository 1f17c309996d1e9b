#pragma once

// Distributes the readings of one source to many listeners.

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "sensors/snapshot.hpp"
#include "sensors/source.hpp"

namespace twinsocket::app {

/// Reads a source once per interval for all listeners, on a thread of its own. Without listeners there are no reads and no
/// thread.
///
/// Thread-safe; all members may be called from a callback too. Do not destroy the feed in a callback. Its destructor cancels
/// a pending read, and no callback is called afterwards. Subscriptions may outlive the feed.
class sensor_feed {
  struct state;

 public:
  /// Called on the feed's thread, one call at a time. It should pass the snapshot on and return. It must not throw.
  using listener = std::function<void(const std::shared_ptr<const snapshot>&)>;

  /// Unsubscribes in its destructor or in reset(). When these return, the callback is not running and will not be called
  /// again; called in the callback itself, they return at once. Do not call them while holding a lock that the callback
  /// takes.
  class [[nodiscard]] subscription {
   public:
    subscription() = default;
    subscription(subscription&&) = default;
    subscription& operator=(subscription&& other) noexcept {
      subscription moved(std::move(other));
      std::swap(feed_, moved.feed_);
      std::swap(id_, moved.id_);
      return *this;
    }
    ~subscription() { reset(); }
    void reset() noexcept;
    /// True until reset() or a move.
    explicit operator bool() const noexcept { return feed_ != nullptr; }

   private:
    friend class sensor_feed;
    subscription(std::shared_ptr<state> feed, std::uint64_t id) noexcept : feed_(std::move(feed)), id_(id) {}

    std::shared_ptr<state> feed_;
    std::uint64_t id_ = 0;
  };

  sensor_feed(std::unique_ptr<sensor_source> source, std::chrono::milliseconds interval);
  sensor_feed(const sensor_feed&) = delete;
  sensor_feed& operator=(const sensor_feed&) = delete;
  ~sensor_feed();

  /// Calls `callback` with each snapshot from now on. If the last snapshot is younger than an interval, it is delivered at
  /// once; otherwise the source is read at once.
  subscription subscribe(listener callback);

  /// Sets the time from the start of one read to the start of the next. A read that takes longer is followed by the next one
  /// at once.
  void set_interval(std::chrono::milliseconds interval);
  [[nodiscard]] std::chrono::milliseconds interval() const;

  /// The name() of the source.
  [[nodiscard]] std::string_view source_name() const noexcept;

 private:
  std::shared_ptr<state> state_;
};

}  // namespace twinsocket::app
