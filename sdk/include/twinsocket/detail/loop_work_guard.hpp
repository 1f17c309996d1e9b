#pragma once

// Keeps the current event loop running while a coroutine waits for something outside of it.

#include "twinsocket/detail/cxx20.hpp"

#include <memory>

#include "twinsocket/detail/loop_handle.hpp"

namespace twinsocket::detail {

/// Used on the thread of the loop.
class loop_work_guard {
 public:
  loop_work_guard();
  loop_work_guard(loop_work_guard&&) noexcept = default;
  loop_work_guard& operator=(loop_work_guard&&) = delete;
  ~loop_work_guard();

 private:
  std::shared_ptr<loop_handle> loop_;
};

}  // namespace twinsocket::detail
