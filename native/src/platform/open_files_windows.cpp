#include "platform/open_files.hpp"

namespace twinsocket::detail {

// Windows has no limit to set: a process may have 2^24 handles.
std::uint64_t max_open_files() { return std::uint64_t{1} << 24; }

}  // namespace twinsocket::detail
