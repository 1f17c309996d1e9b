#pragma once

// Resource usage of a process, as the kernel counts it.

#include <sys/types.h>

#include <cstddef>

namespace bench {

/// CPU time of the process so far in seconds: user and system time of all threads, including those that have ended.
/// Ends the program if there is no such process.
double cpu_seconds(pid_t process);

/// Memory of the process that is not backed by a file (heap and stacks), in bytes.
std::size_t anonymous_bytes(pid_t process);

/// The time of a monotonic clock in seconds.
double now();

/// Raises this process's limit of file descriptors to the hard limit. Returns the new limit.
std::size_t raise_descriptor_limit();

}  // namespace bench
