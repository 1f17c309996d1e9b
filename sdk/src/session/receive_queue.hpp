#pragma once

// The bounded queue of messages that arrive while no receive() is pending.

#include <cstddef>
#include <utility>
#include <vector>

#include "twinsocket/message.hpp"

namespace twinsocket::detail {

class receive_queue {
 public:
  explicit receive_queue(std::size_t limit) : limit_(limit) {}

  void set_limit(std::size_t limit) noexcept { limit_ = limit; }

  [[nodiscard]] bool empty() const noexcept { return first_ == messages_.size(); }
  [[nodiscard]] std::size_t limit() const noexcept { return limit_; }
  [[nodiscard]] bool full() const noexcept { return bytes_ >= limit_; }

  void push(message received) {
    bytes_ += cost(received);
    messages_.push_back(std::move(received));
  }

  /// Takes the oldest message. The queue must not be empty.
  [[nodiscard]] message pop() {
    message oldest = std::move(messages_[first_++]);
    bytes_ -= cost(oldest);
    if (empty()) {
      // The memory of a burst is released. A small capacity is kept for occasional messages.
      if (messages_.capacity() > kept_when_empty) messages_ = std::vector<message>();
      messages_.clear();
      first_ = 0;
    } else if (first_ >= 64 && first_ * 2 >= messages_.size()) {
      messages_.erase(messages_.begin(), messages_.begin() + static_cast<std::ptrdiff_t>(first_));
      first_ = 0;
    }
    return oldest;
  }

 private:
  // An empty message takes memory too.
  static std::size_t cost(const message& m) noexcept { return m.size() + sizeof(message); }

  static constexpr std::size_t kept_when_empty = 8;

  std::size_t limit_;
  std::size_t bytes_ = 0;
  std::size_t first_ = 0;
  std::vector<message> messages_;
};

}  // namespace twinsocket::detail
