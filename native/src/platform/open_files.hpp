#pragma once

#include <cstdint>

namespace twinsocket::detail {

/// The maximum number of files and sockets that this process may have open.
[[nodiscard]] std::uint64_t max_open_files();

}  // namespace twinsocket::detail
