#pragma once

// Running a native client: an event loop on this thread for as long as a task takes. For programs that are not coroutines,
// and want a connection that stays open between two calls, see loop_thread.hpp.

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

namespace detail {

template <class T>
inline constexpr bool is_connection_of_loop =
    std::is_same_v<T, connection> || std::is_same_v<T, result<connection>> || std::is_same_v<T, reconnecting_connection>;

}  // namespace detail

namespace native {

/// Runs a task to its end on an event loop of its own, and then what it has spawned:
/// - When the task has ended, all connections that are open close with 1000, wherever they are held: those who still
///   receive are told errc::closed. Connections that open later close at once.
/// - Spawned tasks then run to their ends. Those that wait for something that cannot come any more (a queue, an event of
///   the loop's own tasks) are destroyed where they wait.
/// Connections that outlive run() are closed: everything is refused, and destroying them does nothing.
/// An exception that leaves the task comes out of run().
void run(task<void> work);

/// The same, and returns the task's value.
template <class T>
[[nodiscard]] T run(task<T> work) {
  static_assert(!detail::is_connection_of_loop<T>,
                "a connection closes with the event loop of run(): use it inside the task, or keep a native::loop_thread");
  std::optional<T> value;
  run([](task<T> inner, std::optional<T>& out) -> task<void> { out.emplace(co_await std::move(inner)); }(std::move(work),
                                                                                                       value));
  return std::move(*value);
}

/// The same with a function that gives the task: `run([&]() -> task<void> {...})`.
template <class F>
  requires std::is_invocable_v<F&>
auto run(F function) {
  return run(function());
}

}  // namespace native

}  // namespace twinsocket
