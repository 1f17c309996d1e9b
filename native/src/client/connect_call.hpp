#pragma once

// A call of connect(). What it begins (lookups, sockets, TLS) has to be ended step by step, so it goes on in a task of its
// own: a coroutine that is destroyed while it waits only cancels that task, which lets go of what it has by itself.

#include <coroutine>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "loop.hpp"
#include "twinsocket/cancel.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/native/connect_options.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket::detail {

class connect_call final : private resumable, private cancellable {
 public:
  using connect_function = task<result<connection>> (*)(std::string, native::connect_options);

  connect_call(std::string address, native::connect_options options, connect_function connect)
      : state_(std::make_shared<state>()) {
    state_->waiting = this;
    const cancellation_token callers = options.common().stop();
    options.common().cancel_on(state_->stop);
    if (callers.cancelled()) state_->stop.cancel();
    spawn(run(state_, std::move(address), std::move(options), connect));
    if (!state_->outcome) callers.add(*this);
  }
  connect_call(const connect_call&) = delete;
  connect_call& operator=(const connect_call&) = delete;
  ~connect_call() {
    state_->waiting = nullptr;
    if (!state_->outcome) state_->stop.cancel();
  }

  [[nodiscard]] bool await_ready() const noexcept { return state_->outcome.has_value(); }
  void await_suspend(std::coroutine_handle<> waiting) noexcept { set_waiting(waiting); }
  [[nodiscard]] result<connection> await_resume() { return std::move(*state_->outcome); }

 private:
  struct state {
    cancellation_source stop;
    std::optional<result<connection>> outcome;
    connect_call* waiting = nullptr;
  };

  static task<void> run(std::shared_ptr<state> call, std::string address, native::connect_options options,
                        connect_function connect) {
    call->outcome.emplace(co_await connect(std::move(address), std::move(options)));
    if (!call->waiting) {
      call->outcome.reset();
    } else if (call->waiting->waiting()) {
      loop::current()->resume(*call->waiting);
    }
  }

  void on_cancel() override { state_->stop.cancel(); }

  std::shared_ptr<state> state_;
};

}  // namespace twinsocket::detail
