#pragma once

// Ending a wait from outside. What is cancelled is the waiting and never the connection.

#include "twinsocket/detail/cxx20.hpp"

#include <boost/intrusive/list.hpp>

namespace twinsocket {

namespace detail {

/// A wait that can be cancelled; destroying it takes it off the canceller's list.
class cancellable : public boost::intrusive::list_base_hook<boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
 public:
  virtual void on_cancel() = 0;

 protected:
  ~cancellable() = default;
};

}  // namespace detail

/// Cancels every wait that was given it, now and from now on. It must outlive those waits, and belongs to the thread of
/// their event loop.
class canceller {
 public:
  canceller() = default;
  canceller(const canceller&) = delete;
  canceller& operator=(const canceller&) = delete;

  /// What waits fails with errc::cancelled in this turn of the event loop.
  void cancel() {
    cancelled_ = true;
    while (!waits_.empty()) {
      detail::cancellable& wait = waits_.front();
      waits_.pop_front();
      wait.on_cancel();
    }
  }
  [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }

  /// For awaiters: a wait that cancel() ends.
  void add(detail::cancellable& wait) { waits_.push_back(wait); }

 private:
  bool cancelled_ = false;
  boost::intrusive::list<detail::cancellable, boost::intrusive::constant_time_size<false>> waits_;
};

}  // namespace twinsocket
