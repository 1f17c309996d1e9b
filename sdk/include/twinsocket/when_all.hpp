#pragma once

// Waits for all of several operations.
//
//   auto [sent, received] = co_await when_all(out.send(text), in.receive());
//
// The operations start in the given order. Everything runs on the thread of the awaiting task.

#include "twinsocket/detail/cxx20.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "twinsocket/detail/branch.hpp"

namespace twinsocket {

namespace detail {

template <class... A>
class all_awaiter : public branches_awaiter<A...> {
  using base = branches_awaiter<A...>;

 public:
  using base::base;
  using value_type = std::tuple<void_to_monostate<awaited_t<A>>...>;

  value_type await_resume() {
    for (const branch& one : base::branches_)
      if (one.ended()) rethrow(one.failure());
    return std::apply([](auto&... value) { return value_type(std::move(*value)...); }, base::values_);
  }

 private:
  // An exception destroys the other operations while they are suspended.
  bool is_done() override {
    const auto& all = base::branches_;
    const bool failed =
        std::any_of(all.begin(), all.end(), [](const branch& one) { return one.ended() && one.failure(); });
    if (failed) base::destroy_suspended();
    return failed || std::all_of(all.begin(), all.end(), [](const branch& one) { return one.ended(); });
  }
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
