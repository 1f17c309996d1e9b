#pragma once

// One source of readings for many listeners.

#include <chrono>
#include <functional>
#include <memory>
#include <utility>

#include "sensors/snapshot.hpp"
#include "sensors/source.hpp"

namespace twinsocket::app {

/// Reads a source once per interval for all who listen, on a thread of its own. No read begins while nobody listens, and
/// then there is no thread either.
///
/// Everything here may be called from any thread at any time, from a callback too; only the feed itself must not be
/// destroyed in a callback. Destroying it stops a read under way and calls nobody any more; subscriptions may outlive it.
class sensor_feed {
  struct state;

 public:
  /// Called on the feed's own thread, one call at a time: it should hand the snapshot over to where it is needed and
  /// return. It must not throw.
  using listener = std::function<void(const std::shared_ptr<const snapshot>&)>;

  /// Listens as long as it lives. When its destructor or reset() returns, the callback is not running and will not be
  /// called again; in the callback itself they return at once. So do not hold a lock there that the callback takes.
  class [[nodiscard]] subscription {
   public:
    subscription() = default;
    subscription(subscription&&) = default;
    subscription& operator=(subscription&& other) noexcept {
      subscription taken(std::move(other));
      std::swap(feed_, taken.feed_);
      std::swap(id_, taken.id_);
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

  /// Calls `callback` with each snapshot from now on. The last one comes at once if it is younger than an interval;
  /// otherwise the source is read at once.
  subscription subscribe(listener callback);

  /// From the start of one read to that of the next; a read that takes longer is followed by the next one at once.
  void set_interval(std::chrono::milliseconds interval);
  [[nodiscard]] std::chrono::milliseconds interval() const;

  /// What the source calls itself.
  [[nodiscard]] std::string_view source_name() const noexcept;

 private:
  std::shared_ptr<state> state_;
};

}  // namespace twinsocket::app
