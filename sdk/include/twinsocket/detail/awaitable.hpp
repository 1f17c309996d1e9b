#pragma once

// Awaitable types, and the types of their values.

#include "twinsocket/detail/cxx20.hpp"

#include <type_traits>
#include <utility>
#include <variant>

namespace twinsocket::detail {

template <class A>
concept has_member_co_await = requires(A&& a) {
  std::forward<A>(a).operator co_await();
};

/// The awaiter of a task, or the awaiter itself. `awaitable` must outlive it.
template <class A>
decltype(auto) awaiter_of(A& awaitable) {
  if constexpr (has_member_co_await<A>) {
    return std::move(awaitable).operator co_await();
  } else {
    return static_cast<A&>(awaitable);
  }
}

template <class A>
using awaited_t = std::remove_cvref_t<decltype(awaiter_of(std::declval<A&>()).await_resume())>;

/// std::monostate instead of void.
template <class T>
using void_to_monostate = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

template <class A>
concept awaitable = requires(A& a) {
  awaiter_of(a).await_ready();
  awaiter_of(a).await_resume();
};

}  // namespace twinsocket::detail
