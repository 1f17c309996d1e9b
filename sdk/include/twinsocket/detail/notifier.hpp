#pragma once

// Notifies a coroutine from any thread. Both sides share the notifier: the notifying side may hold it indefinitely, and
// the coroutine may be destroyed at any time on its own thread.

#include "twinsocket/detail/cxx20.hpp"

#include <memory>

#include "twinsocket/detail/loop_handle.hpp"
#include "twinsocket/detail/resumable.hpp"

namespace twinsocket::detail {

class notifiable;

class notifier : public std::enable_shared_from_this<notifier> {
 public:
  notifier(std::shared_ptr<loop_handle> own_loop, notifiable& target) noexcept
      : loop_handle_(std::move(own_loop)), target_(&target) {}

  /// Calls notified() on the target's own thread: immediately in a turn of its event loop, otherwise in a later turn,
  /// and not at all if the target or its loop is gone. From any thread.
  void notify();

  [[nodiscard]] const std::shared_ptr<loop_handle>& own_loop() const noexcept { return loop_handle_; }

 private:
  friend class notifiable;

  const std::shared_ptr<loop_handle> loop_handle_;
  notifiable* target_;  // Used on its own thread only; null once the target is gone.
};

class notifiable {
 public:
  notifiable& operator=(const notifiable&) = delete;

 protected:
  notifiable() = default;
  notifiable(notifiable&& other) noexcept : notifier_(std::move(other.notifier_)) {
    if (notifier_) notifier_->target_ = this;
  }
  virtual ~notifiable() { unsubscribe(); }

  /// The notifier of this object, created on first use for the event loop that is current then.
  [[nodiscard]] const std::shared_ptr<notifier>& own_notifier();
  /// Later notifications are lost.
  void unsubscribe() noexcept {
    if (notifier_) notifier_->target_ = nullptr;
    notifier_.reset();
  }

 private:
  friend class notifier;
  virtual void notified() = 0;

  std::shared_ptr<notifier> notifier_;
};

/// Waits for a condition that any thread may signal.
class notified_awaiter : public resumable, public notifiable {
 protected:
  notified_awaiter() = default;
  notified_awaiter(notified_awaiter&&) noexcept = default;
  ~notified_awaiter() = default;

  void notified() override;
};

}  // namespace twinsocket::detail
