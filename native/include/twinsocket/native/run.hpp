#pragma once

// Running a native client: an event loop on this thread for as long as a task takes.

#include "twinsocket/detail/cxx20.hpp"

#include <exception>
#include <optional>
#include <utility>

#include "twinsocket/task.hpp"

namespace twinsocket::native {

/// Runs a task to its end on an event loop of its own, and then whatever it has spawned; connections that are still open
/// close, and what then still waits is destroyed where it waits. An exception that leaves the task comes out of run().
void run(task<void> work);

/// The same, and returns the task's value.
template <class T>
[[nodiscard]] T run(task<T> work) {
  std::optional<T> value;
  run([](task<T> inner, std::optional<T>& out) -> task<void> { out.emplace(co_await std::move(inner)); }(std::move(work), value));
  return std::move(*value);
}

}  // namespace twinsocket::native
