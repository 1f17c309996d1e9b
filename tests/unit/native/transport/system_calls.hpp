#pragma once

#include <cstddef>

/// The number of calls of epoll_ctl by this program so far. Compare two values.
[[nodiscard]] std::size_t epoll_ctl_calls() noexcept;
