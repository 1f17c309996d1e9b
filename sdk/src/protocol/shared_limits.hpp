#pragma once

// Limits that many connections share, so that a connection holds a pointer and not a copy.

#include <algorithm>
#include <boost/smart_ptr/intrusive_ptr.hpp>
#include <boost/smart_ptr/intrusive_ref_counter.hpp>
#include <cstddef>
#include <cstdint>

#include "twinsocket/limits.hpp"

namespace twinsocket::detail {

/// Immutable limits. Copies refer to the same limits, on any thread.
class shared_limits {
 public:
  shared_limits(const limits& values) : block_(new block(values)) {}

  [[nodiscard]] const limits& operator*() const noexcept { return block_->values; }
  [[nodiscard]] const limits* operator->() const noexcept { return &block_->values; }
  /// A message in one frame of this size or above violates one of the limits.
  [[nodiscard]] std::size_t too_long() const noexcept { return block_->too_long; }

 private:
  struct block : boost::intrusive_ref_counter<block> {
    explicit block(const limits& v) : values(v) {
      const std::size_t largest = std::min(v.max_message_size(), v.max_frame_size());
      too_long = v.max_fragments() == 0 ? 0 : largest + (largest < SIZE_MAX);
    }

    const limits values;
    std::size_t too_long;
  };

  boost::intrusive_ptr<const block> block_;
};

}  // namespace twinsocket::detail
