#pragma once

#include <type_traits>

#include "twinsocket/detail/cxx20.hpp"

namespace twinsocket::detail {

/// Base of all awaitables. Using the value without co_await is a compile error that says so.
class awaitable_base {
 public:
  template <class T = void>
  explicit operator bool() const {
    explain<T>();
    return false;
  }
  // A deduced return type: the compiler instantiates the function at once, and not after the errors that follow.
  template <class T = void>
  auto operator*() const {
    return explain<T>();
  }
  template <class T = void>
  auto operator->() const {
    return explain<T>();
  }

 private:
  template <class T>
  static const awaitable_base* explain() {
    static_assert(!std::is_void_v<T>,
                  "co_await is missing: the value is available only after co_await, as in "
                  "`auto message = co_await socket.receive();`");
    return nullptr;
  }
};

}  // namespace twinsocket::detail
