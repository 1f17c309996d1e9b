#pragma once

// Makes the Nth allocation or system call of the server's or the client's thread fail.

#include <cstddef>

enum class resource { memory, system };
enum class side { server, client };

/// Assigns the calling thread to a side. Threads without a side never fail.
void this_thread_is(side which) noexcept;

/// Makes the use `number` of a resource by a side fail, once. Counted from 1.
void fail_at(resource what, side which, std::size_t number) noexcept;
/// Disarms. Returns true if a use has failed.
bool stop_failing() noexcept;

/// Counts one use of a resource. Returns true if it must fail.
[[nodiscard]] bool fails(resource what) noexcept;
