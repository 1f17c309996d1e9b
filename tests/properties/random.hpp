#pragma once

// Pseudorandom numbers that depend only on the seed and are the same on every target. Those of <random> are not.

#include <cstdint>

namespace properties {

class random {
 public:
  explicit random(std::uint64_t seed) : state_(seed) {}

  /// splitmix64.
  std::uint64_t next() {
    std::uint64_t mixed = state_ += 0x9E3779B97F4A7C15;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
    return mixed ^ (mixed >> 31);
  }
  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(next() % limit); }
  bool one_in(std::uint32_t chances) { return below(chances) == 0; }

 private:
  std::uint64_t state_;
};

}  // namespace properties
