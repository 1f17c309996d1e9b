#pragma once

// Runs a native client: an event loop on the calling thread for the duration of a task. For synchronous programs that keep a
// connection open between calls, see loop_thread.hpp.

#include "twinsocket/detail/cxx20.hpp"

#include <exception>
#include <functional>
#include <optional>
#include <type_traits>
#include <utility>

#include "twinsocket/error.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

class connection;
class reconnecting_connection;

}  // namespace twinsocket

namespace twinsocket::detail {

template <class T>
inline constexpr bool is_bound_to_loop = std::is_same_v<T, connection> || std::is_same_v<T, result<connection>> ||
                                         std::is_same_v<T, reconnecting_connection>;

}  // namespace twinsocket::detail

namespace twinsocket {
inline namespace native {

/// Runs a task to completion on a new event loop, then the tasks that it has spawned:
/// - When the task has ended, all open connections close with 1000, whoever owns them. A pending receive() fails with
///   errc::closed. Connections that open later close immediately.
/// - Spawned tasks then run to completion. Those that await something that can no longer happen (a queue or an event of the
///   loop's own tasks) are destroyed while suspended.
/// Connections that outlive run() are closed: every operation is refused, and destroying them does nothing.
/// An exception that leaves the task is rethrown by run().
void run(task<void> work);

/// As above. Returns the task's value.
template <class T>
[[nodiscard]] T run(task<T> work) {
  static_assert(
      !detail::is_bound_to_loop<T>,
      "run() closes its connections when it returns: use them inside the task, or keep a native::loop_thread");
  std::optional<T> value;
  run([](task<T> inner, std::optional<T>& out) -> task<void> { out.emplace(co_await std::move(inner)); }(
                                                   std::move(work), value));
  return std::move(*value);
}

/// Overload for a function that returns the task: `run([&]() -> task<void> {...})`.
template <class F>
requires std::is_invocable_v<F&>
auto run(F function) { return run(function()); }

}  // namespace native
}  // namespace twinsocket
