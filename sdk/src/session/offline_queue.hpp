#pragma once

// The bounded queue of messages that are sent while there is no connection, with counters of dropped messages.

#include <algorithm>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>

#include "session/send_queue.hpp"
#include "session/send_request.hpp"

namespace twinsocket::detail {

class offline_queue {
 public:
  explicit offline_queue(std::size_t limit) noexcept : limit_(limit) {}

  [[nodiscard]] bool empty() const noexcept { return messages_.empty(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }

  /// Queues a copy. False if there is no room: the message was dropped, or, with overflow_policy::wait, the caller has to
  /// retry.
  bool push(const send_request& m) {
    const std::size_t size = m.bytes.size();
    if (m.policy() == overflow_policy::latest_per_key) drop_key(m.options->key());
    // A message that can never fit must not drop others.
    const bool drops_oldest = m.policy() == overflow_policy::drop_oldest && size <= limit_;
    while (drops_oldest && !fits(size) && !empty()) drop_first();
    if (!fits(size)) {
      if (m.policy() != overflow_policy::wait) count(size);
      return false;
    }
    put_last({.kind = m.kind,
              .own = m.shared ? buffer() : buffer(m.bytes),
              .shared = m.shared,
              .key = m.options ? m.options->key() : std::string(),
              .compress = m.compress()});
    return true;
  }

  /// Takes the oldest message. There must be one.
  [[nodiscard]] queued_message take() {
    queued_message first = std::move(messages_.front());
    messages_.pop_front();
    bytes_ -= first.bytes().size();
    return first;
  }
  /// Puts back a message that was taken and could not be sent.
  void requeue(queued_message m) {
    bytes_ += m.bytes().size();
    messages_.push_front(std::move(m));
  }

  void drop_all() {
    while (!empty()) drop_first();
  }

  /// Counts a message that was taken as dropped.
  void count(std::size_t size) noexcept {
    ++dropped_;
    dropped_bytes_ += size;
  }
  /// Totals since the beginning.
  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }
  [[nodiscard]] std::uint64_t dropped_bytes() const noexcept { return dropped_bytes_; }

 private:
  // A limit of 0 queues nothing, not even empty messages.
  [[nodiscard]] bool fits(std::size_t size) const noexcept {
    return limit_ != 0 && size <= limit_ - std::min(limit_, bytes_);
  }
  void put_last(queued_message m) {
    bytes_ += m.bytes().size();
    messages_.push_back(std::move(m));
  }
  void drop_first() { count(take().bytes().size()); }
  void drop_key(const std::string& key) {
    const auto found = std::find_if(messages_.begin(), messages_.end(), [&](const auto& m) { return m.key == key; });
    if (found == messages_.end()) return;
    bytes_ -= found->bytes().size();
    count(found->bytes().size());
    messages_.erase(found);
  }

  std::size_t limit_;
  std::size_t bytes_ = 0;
  std::deque<queued_message> messages_;
  std::uint64_t dropped_ = 0;
  std::uint64_t dropped_bytes_ = 0;
};

}  // namespace twinsocket::detail
