#pragma once

// What a process has used, as the kernel counts it.

#include <sys/types.h>

#include <cstddef>

namespace bench {

/// Its CPU time so far in seconds, user and system, of all its threads, those that have ended too. Ends the program when
/// there is no such process.
double cpu_seconds(pid_t process);

/// Its memory in bytes that is backed by no file: heap and stacks.
std::size_t anonymous_bytes(pid_t process);

/// Seconds of a clock that only goes forward.
double now();

/// Lets this process have as many descriptors as it may; returns how many those are.
std::size_t raise_descriptor_limit();

}  // namespace bench
