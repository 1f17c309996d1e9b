#pragma once

// Bytes that are written and that the network has not taken yet.

#include <algorithm>
#include <cstring>
#include <span>

#include "twinsocket/detail/buffer.hpp"

namespace twinsocket::detail {

class outbound {
 public:
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size() - taken_; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0; }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_.bytes().subspan(taken_); }

  /// Where the writer appends. What the network took is moved out of the way first when it is more than half.
  [[nodiscard]] buffer& tail() {
    if (taken_ > bytes_.size() / 2) {
      const std::size_t rest = size();
      std::memmove(bytes_.data(), bytes_.data() + taken_, rest);
      bytes_.clear();
      bytes_.commit(rest);
      taken_ = 0;
    } else if (bytes_.capacity() == 0) {
      // One block that a usual turn fits into, instead of a series of growing ones.
      [[maybe_unused]] std::byte* const room = bytes_.prepare(first_block);
    }
    return bytes_;
  }

  /// The network took `count` bytes. An empty queue holds no memory.
  void taken(std::size_t count) noexcept {
    taken_ += count;
    if (taken_ == bytes_.size()) clear();
  }
  void clear() noexcept {
    bytes_.reset();
    taken_ = 0;
  }

 private:
  static constexpr std::size_t first_block = 4 * 1024;

  buffer bytes_;
  std::size_t taken_ = 0;
};

}  // namespace twinsocket::detail
