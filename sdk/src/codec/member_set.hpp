#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "twinsocket/detail/shape.hpp"

namespace twinsocket::detail {

/// The members of a struct that a document has had so far.
class member_set {
 public:
  [[nodiscard]] bool has(std::size_t index) const { return words_[index / 64] >> index % 64 & 1; }
  void add(std::size_t index) { words_[index / 64] |= std::uint64_t{1} << index % 64; }

 private:
  std::array<std::uint64_t, max_members / 64> words_{};
};

}  // namespace twinsocket::detail
