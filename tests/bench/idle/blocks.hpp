#pragma once

// The heap blocks of this program, by the function that allocated them.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>

namespace bench {

struct block_origin {
  std::size_t bytes;      ///< As malloc counts them, with the rounding.
  std::uintptr_t caller;  ///< Address in the program's file, inside the call.
  auto operator<=>(const block_origin&) const = default;
};

/// How many blocks there are now of each origin.
[[nodiscard]] std::map<block_origin, std::size_t> live_blocks();

}  // namespace bench
