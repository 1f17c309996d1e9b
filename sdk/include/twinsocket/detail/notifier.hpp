#pragma once

// Telling a coroutine something from any thread. The notifier is shared by both sides: whoever notifies may hold it for as
// long as it likes, and the coroutine may be destroyed at any time on its own thread.

#include "twinsocket/detail/cxx20.hpp"

#include <memory>

#include "twinsocket/detail/loop_handle.hpp"
#include "twinsocket/detail/resumable.hpp"

namespace twinsocket::detail {

class notifiable;

class notifier : public std::enable_shared_from_this<notifier> {
 public:
  notifier(std::shared_ptr<loop_handle> home, notifiable& target) noexcept : home_(std::move(home)), target_(&target) {}

  /// Calls notified() on the target's own thread: at once in a turn of its event loop, in a later turn otherwise, and not
  /// at all where the target or its loop is gone. From any thread.
  void notify();

  [[nodiscard]] const std::shared_ptr<loop_handle>& home() const noexcept { return home_; }

 private:
  friend class notifiable;

  const std::shared_ptr<loop_handle> home_;
  notifiable* target_;  // The home thread's only; null once it is gone.
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

  /// What notifies this object, made on first use; on the thread of the event loop that is current then.
  [[nodiscard]] const std::shared_ptr<notifier>& own_notifier();
  /// Notifications that come from now on are lost.
  void unsubscribe() noexcept {
    if (notifier_) notifier_->target_ = nullptr;
    notifier_.reset();
  }

 private:
  friend class notifier;
  virtual void notified() = 0;

  std::shared_ptr<notifier> notifier_;
};

/// A coroutine that waits until something is ready which any thread may announce.
class notified_awaiter : public resumable, public notifiable {
 protected:
  notified_awaiter() = default;
  notified_awaiter(notified_awaiter&&) noexcept = default;
  ~notified_awaiter() = default;

  void notified() override;
};

}  // namespace twinsocket::detail
