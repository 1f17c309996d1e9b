#pragma once

// Waits for the first of several operations.
//
//   auto first = co_await when_any(socket.receive(), queue.pop(), sleep_for(1s));
//   if (first.index() == 0) use(std::get<0>(first));
//
// The operations start in the given order, until one of them has completed. The others are destroyed while suspended,
// before the awaiting task resumes, and lose nothing: a receive() that does not win leaves its message for the next
// one. A task that does not win is destroyed with everything that its body holds.
//
// Everything runs on the thread of the awaiting task.

#include "twinsocket/detail/cxx20.hpp"

#include <cstddef>
#include <optional>
#include <tuple>
#include <utility>
#include <variant>

#include "twinsocket/detail/branch.hpp"

namespace twinsocket {

namespace detail {

template <class... A>
class any_awaiter : public branches_awaiter<A...> {
  using base = branches_awaiter<A...>;

 public:
  using base::base;
  using value_type = std::variant<void_to_monostate<awaited_t<A>>...>;

  value_type await_resume() { return take(std::index_sequence_for<A...>()); }

 private:
  template <std::size_t... I>
  [[nodiscard]] value_type take(std::index_sequence<I...>) {
    std::optional<value_type> out;
    const auto look = [&](auto index) {
      constexpr std::size_t i = decltype(index)::value;
      if (!base::branches_[i].ended()) return false;
      rethrow(base::branches_[i].failure());
      out.emplace(std::in_place_index<i>, std::move(*std::get<i>(base::values_)));
      return true;
    };
    static_cast<void>((look(std::integral_constant<std::size_t, I>()) || ...));
    return std::move(*out);
  }
  bool is_done() override {
    base::destroy_suspended();
    return true;
  }
};

}  // namespace detail

/// `co_await when_any(...)` returns a std::variant. Its index says which operation completed first, and it holds the
/// value of that operation (std::monostate for void). An operation is anything awaitable (a task, receive(), sleep_for,
/// ...), or a function that returns a task. An exception that leaves the first operation is rethrown.
template <class... Operation>
requires(sizeof...(Operation) > 0) [[nodiscard]] auto when_any(Operation&&... operations) {
  return detail::any_awaiter<detail::operation_t<Operation>...>(
      detail::operation_of(std::forward<Operation>(operations))...);
}

}  // namespace twinsocket
