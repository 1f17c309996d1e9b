#pragma once

// Cancellation of pending operations. It ends the wait, never the connection.

#include "twinsocket/detail/cxx20.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>
#include <version>
#if defined(__cpp_lib_jthread)
#include <optional>
#include <stop_token>
#endif

#include "twinsocket/detail/notifier.hpp"

namespace twinsocket {

namespace detail {

/// A wait that can be cancelled. Destroying it unregisters it.
class cancellable : public notifiable {
 public:
  /// Called on the thread of the wait.
  virtual void on_cancel() = 0;

 protected:
  cancellable() = default;
  cancellable(cancellable&&) noexcept = default;
  ~cancellable() = default;

 private:
  void notified() final { on_cancel(); }
  friend class cancellation_state;
};

class cancellation_state {
 public:
  cancellation_state() = default;
  cancellation_state(const cancellation_state&) = delete;
  cancellation_state& operator=(const cancellation_state&) = delete;
  virtual ~cancellation_state() = default;

  void cancel();
  [[nodiscard]] bool cancelled() const noexcept { return cancelled_.load(std::memory_order_acquire); }
  /// Calls on_cancel() when cancel() is called, or immediately if it was called before.
  void add(cancellable& wait);

 private:
  std::atomic<bool> cancelled_{false};
  std::mutex mutex_;
  std::vector<std::weak_ptr<notifier>> waits_;
  std::size_t prune_at_ = 16;
};

}  // namespace detail

/// Passed to an operation so that it can be cancelled. A default-constructed token is never cancelled.
class cancellation_token {
 public:
  cancellation_token() = default;
#if defined(__cpp_lib_jthread)
  /// A token that is cancelled when a stop is requested.
  cancellation_token(std::stop_token stop);
#endif

  /// True once its source has been cancelled.
  [[nodiscard]] bool cancelled() const noexcept { return state_ && state_->cancelled(); }
  /// True if something can cancel this token.
  [[nodiscard]] explicit operator bool() const noexcept { return state_ != nullptr; }

  /// For awaiters: registers a wait to cancel.
  void add(detail::cancellable& wait) const {
    if (state_) state_->add(wait);
  }

 private:
  friend class cancellation_source;
  explicit cancellation_token(std::shared_ptr<detail::cancellation_state> state) noexcept : state_(std::move(state)) {}

  std::shared_ptr<detail::cancellation_state> state_;
};

/// Cancels every operation that was given its token, whether it is pending or begins later: the operation fails with
/// errc::cancelled on its own thread. Operations may outlive the source and may be on any event loop. All functions may
/// be called from any thread. Destroying the source cancels nothing.
class cancellation_source {
 public:
  cancellation_source() : state_(std::make_shared<detail::cancellation_state>()) {}
  cancellation_source(const cancellation_source&) = delete;
  cancellation_source& operator=(const cancellation_source&) = delete;

  void cancel() { state_->cancel(); }  ///< For good: there is no reset. Further calls have no effect.
  [[nodiscard]] bool cancelled() const noexcept { return state_->cancelled(); }  ///< True from cancel() on.

  /// For any number of operations.
  [[nodiscard]] cancellation_token token() const noexcept { return cancellation_token(state_); }
  operator cancellation_token() const noexcept { return token(); }

 private:
  std::shared_ptr<detail::cancellation_state> state_;
};

#if defined(__cpp_lib_jthread)
namespace detail {

class stop_state final : public cancellation_state {
 public:
  explicit stop_state(std::stop_token stop) { callback_.emplace(std::move(stop), request{this}); }

 private:
  struct request {
    void operator()() const { self->cancel(); }
    stop_state* self;
  };
  std::optional<std::stop_callback<request>> callback_;
};

}  // namespace detail

inline cancellation_token::cancellation_token(std::stop_token stop) {
  if (stop.stop_possible()) state_ = std::make_shared<detail::stop_state>(std::move(stop));
}
#endif

}  // namespace twinsocket
