#pragma once

// Waits for all of several operations.
//
//   auto [sent, received] = co_await when_all(out.send(text), in.receive());
//
// The operations start in the given order. Everything runs on the thread of the awaiting task.

#include "twinsocket/detail/cxx20.hpp"

#include <array>
#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

#include "twinsocket/detail/branch.hpp"

namespace twinsocket {

namespace detail {

template <class... A>
class all_awaiter : private branch_listener {
 public:
  using value_type = std::tuple<void_to_monostate<awaited_t<A>>...>;

  explicit all_awaiter(A... operations) : operations_(std::move(operations)...) {}
  all_awaiter(all_awaiter&&) noexcept = default;

  [[nodiscard]] bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    begin(std::index_sequence_for<A...>());
    if (done_) {
      trampoline::transfer_to(waiting);
    } else {
      waiting_ = waiting;
    }
  }
  value_type await_resume() {
    for (const branch& one : branches_)
      if (one.ended()) rethrow(one.failure());
    return std::apply([](auto&... value) { return value_type(std::move(*value)...); }, values_);
  }

 private:
  template <std::size_t... I>
  void begin(std::index_sequence<I...>) {
    const auto start = [this](auto index) {
      constexpr std::size_t i = decltype(index)::value;
      branches_[i] = await_into(std::get<i>(operations_), std::get<i>(values_));
      branches_[i].start(*this);
      return !done_;
    };
    static_cast<void>((start(std::integral_constant<std::size_t, I>()) && ...));
  }

  // An exception destroys the other operations while they are suspended. While the branches start, waiting_ is null.
  std::coroutine_handle<> branch_ended() override {
    std::size_t ended = 0;
    bool failed = false;
    for (const branch& one : branches_) {
      ended += one.ended() ? 1 : 0;
      failed = failed || (one.ended() && one.failure());
    }
    if (failed)
      for (branch& one : branches_)
        if (!one.ended()) one.destroy();
    done_ = failed || ended == branches_.size();
    return done_ ? waiting_ : nullptr;
  }

  std::tuple<A...> operations_;
  std::tuple<std::optional<void_to_monostate<awaited_t<A>>>...> values_;
  std::array<branch, sizeof...(A)> branches_;
  std::coroutine_handle<> waiting_;
  bool done_ = false;
};

}  // namespace detail

/// `co_await when_all(...)` returns a std::tuple of the values, with std::monostate for void. An operation is anything
/// awaitable, or a function that returns a task. If an exception leaves an operation, the others are destroyed while
/// they are suspended, and the exception is rethrown.
template <class... Operation>
requires(sizeof...(Operation) > 0) [[nodiscard]] auto when_all(Operation&&... operations) {
  return detail::all_awaiter<detail::operation_t<Operation>...>(
      detail::operation_of(std::forward<Operation>(operations))...);
}

}  // namespace twinsocket
