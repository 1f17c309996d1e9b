#pragma once

// The send queue: frames that are ready to be written, and behind them whole messages, which an overflow policy may still
// drop.

#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "attempt.hpp"
#include "free_block.hpp"
#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/prepared_message.hpp"

namespace twinsocket::detail {

/// A queued message. Its bytes are its own, or shared with other connections.
struct queued_message {
  message_kind kind;
  buffer own;
  std::shared_ptr<const prepared_frames> shared;
  std::string key;
  bool compress = true;

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return shared ? shared->payload() : own.bytes(); }
};

class send_queue {
 public:
  /// All bytes that the network has not accepted yet.
  [[nodiscard]] std::size_t size() const noexcept { return bytes_.size() - written_ + waiting_bytes_; }
  [[nodiscard]] bool empty() const noexcept { return size() == 0 && !has_queued(); }

  // Frames that are ready to be written.
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_.bytes().subspan(written_); }

  /// The buffer to which the writer appends. If more than half of it has been written, the rest is moved to the front
  /// first.
  [[nodiscard]] buffer& tail() {
    if (written_ > bytes_.size() / 2) {
      const std::size_t rest = bytes_.size() - written_;
      std::memmove(bytes_.data(), bytes_.data() + written_, rest);
      bytes_.clear();
      bytes_.commit(rest);
      written_ = 0;
    } else if (bytes_.capacity() == 0) {
      // A block that is large enough for the output of a turn, instead of several growing ones. The large ones are lent by
      // the thread's pool: consume() returns them.
      std::size_t capacity = 0;
      std::byte* const block = acquire_free_block(first_block, largest_first_block, capacity);
      bytes_ = buffer(block, 0, capacity);
    }
    return bytes_;
  }

  /// The network accepted `count` bytes. The memory is released when none are left. A connection that waits for the network
  /// keeps no block that is much larger than what is left.
  void consume(std::size_t count) noexcept {
    written_ += count;
    const std::size_t rest = bytes_.size() - written_;
    if (rest != 0 && (bytes_.capacity() <= first_block || rest > bytes_.capacity() / 4)) return;
    buffer smaller;
    if (rest != 0 && !attempt([&] { smaller.append(bytes()); })) return;
    bytes_ = std::move(smaller);
    written_ = 0;
  }

  // Messages behind these frames.
  [[nodiscard]] bool has_queued() const noexcept { return messages_ && !messages_->empty(); }

  [[nodiscard]] std::size_t waiting() const noexcept { return messages_ ? messages_->size() : 0; }

  void wait(queued_message m) {
    // Allocated on first use: a connection without congestion never needs the queue.
    if (!messages_) messages_ = std::make_unique<std::deque<queued_message>>();
    waiting_bytes_ += m.bytes().size();
    messages_->push_back(std::move(m));
  }
  /// Takes the oldest message. There must be one.
  [[nodiscard]] queued_message pop() {
    queued_message oldest = std::move(messages_->front());
    messages_->pop_front();
    waiting_bytes_ -= oldest.bytes().size();
    if (messages_->empty()) messages_.reset();
    return oldest;
  }
  /// Drops the message with this key. True if there was one.
  bool drop(std::string_view key) {
    if (!messages_) return false;
    const auto found = std::find_if(messages_->begin(), messages_->end(), [&](const auto& m) { return m.key == key; });
    if (found == messages_->end()) return false;
    waiting_bytes_ -= found->bytes().size();
    messages_->erase(found);
    return true;
  }

  /// Drops all queued messages.
  void drop_queued() noexcept {
    messages_.reset();
    waiting_bytes_ = 0;
  }
  void clear() noexcept {
    bytes_.reset();
    written_ = 0;
    drop_queued();
  }

 private:
  static constexpr std::size_t first_block = 4 * 1024;
  static constexpr std::size_t largest_first_block = 64 * 1024;

  buffer bytes_;
  std::size_t written_ = 0;
  std::size_t waiting_bytes_ = 0;
  std::unique_ptr<std::deque<queued_message>> messages_;
};

}  // namespace twinsocket::detail
