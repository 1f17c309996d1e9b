#pragma once

#include <coroutine>
#include <utility>

#include "connection/connection_state.hpp"

namespace twinsocket::detail {

/// Waits until a condition of a connection holds, on the connection's thread. It is checked when the connection notifies its
/// watchers.
template <class Condition>
class condition_awaiter final : public waiter {
 public:
  condition_awaiter(connection_state& connection, Condition condition)
      : waiter(connection), condition_(std::move(condition)) {}

  [[nodiscard]] bool await_ready() const { return condition_(); }
  void await_suspend(std::coroutine_handle<> waiting) { state().watch(*this, waiting); }
  void await_resume() const noexcept {}

 private:
  [[nodiscard]] bool ready() override { return condition_(); }

  const Condition condition_;
};

}  // namespace twinsocket::detail
