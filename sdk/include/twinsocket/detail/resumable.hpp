#pragma once

// A suspended coroutine. It is part of the awaiter, in the coroutine's own frame. It is linked into the list of what
// the coroutine waits for, then into the event loop's list of coroutines to resume. Destroying the coroutine unlinks
// it.

#include "twinsocket/detail/cxx20.hpp"

#include <boost/intrusive/list_hook.hpp>
#include <coroutine>

#include "twinsocket/detail/timer.hpp"

namespace twinsocket::detail {

class resumable : public boost::intrusive::list_base_hook<auto_unlink> {
 public:
  resumable& operator=(const resumable&) = delete;

 protected:
  resumable() = default;
  /// An awaiter may be moved until it is awaited.
  resumable(resumable&&) noexcept : resumable() {}
  virtual ~resumable() = default;

  void set_waiting(std::coroutine_handle<> coroutine) noexcept { waiting_ = coroutine; }
  [[nodiscard]] std::coroutine_handle<> waiting() const noexcept { return waiting_; }

 private:
  friend class loop;
  /// Called by the loop right before it resumes the coroutine. False leaves it suspended.
  [[nodiscard]] virtual bool should_resume() { return true; }

  std::coroutine_handle<> waiting_;
};

}  // namespace twinsocket::detail
