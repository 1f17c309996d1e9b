#pragma once

// Keeps the current event loop running while a coroutine waits for something outside of it.

#include "twinsocket/detail/cxx20.hpp"

#include <memory>

#include "twinsocket/detail/loop_handle.hpp"

namespace twinsocket::detail {

/// Used on the thread of the loop.
class loop_work {
 public:
  loop_work();
  loop_work(loop_work&&) noexcept = default;
  loop_work& operator=(loop_work&&) = delete;
  ~loop_work();

 private:
  std::shared_ptr<loop_handle> loop_;
};

}  // namespace twinsocket::detail
