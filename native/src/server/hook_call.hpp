#pragma once

// Calls a request hook with a timeout.

#include <chrono>
#include <coroutine>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "loop.hpp"
#include "twinsocket/native/options.hpp"

namespace twinsocket::detail {

/// `co_await hook_call(...)` returns the hook's result, or nothing after the timeout. The hook then continues detached,
/// because whatever it waits for cannot be cancelled, and its result is dropped. Rethrows an exception of the hook.
class hook_call final : private timer, private resumable {
 public:
  /// The hook must live as long as the event loop runs. It gets its own copy of the request.
  hook_call(const request_handler<admission>& hook, const request& req, std::chrono::milliseconds limit)
      : call_(std::make_shared<state>(req)), limit_(limit) {
    spawn(run(call_, hook));
  }
  hook_call(const hook_call&) = delete;
  hook_call& operator=(const hook_call&) = delete;
  ~hook_call() { call_->waiting = nullptr; }

  [[nodiscard]] bool await_ready() const noexcept { return call_->done; }
  void await_suspend(std::coroutine_handle<> waiting) {
    set_waiting(waiting);
    call_->waiting = this;
    loop& own_loop = *loop::current();
    own_loop.arm(*this, add_saturating(own_loop.now(), limit_));
  }
  [[nodiscard]] std::optional<admission> await_resume() {
    if (call_->thrown) std::rethrow_exception(call_->thrown);
    return std::move(call_->result);
  }

 private:
  struct state {
    explicit state(const request& r) : req(r) {}

    const request req;
    std::optional<admission> result;
    std::exception_ptr thrown;
    bool done = false;
    hook_call* waiting = nullptr;
  };

  static task<void> run(std::shared_ptr<state> call, const request_handler<admission>& hook) {
    try {
      call->result.emplace(co_await hook(call->req));
    } catch (...) {
      call->thrown = std::current_exception();
    }
    call->done = true;
    if (hook_call* const waiting = std::exchange(call->waiting, nullptr)) loop::current()->resume(*waiting);
  }

  void on_timer(time_point) override {
    if (hook_call* const waiting = std::exchange(call_->waiting, nullptr)) loop::current()->resume(*waiting);
  }

  const std::shared_ptr<state> call_;
  const std::chrono::milliseconds limit_;
};

}  // namespace twinsocket::detail
