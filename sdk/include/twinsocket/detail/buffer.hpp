#pragma once

// Message bytes. Blocks are recycled per thread, so that steady-state messaging allocates nothing.

#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <utility>

#include "twinsocket/detail/cxx20.hpp"

namespace twinsocket::detail {

/// Takes a block of at least `wanted` bytes from this thread's pool or the heap, and returns its size in `capacity`.
[[nodiscard]] std::byte* acquire_block(std::size_t wanted, std::size_t& capacity);
/// Releases a block. The thread need not be the one that acquired it.
void release_block(std::byte* block, std::size_t capacity) noexcept;

[[nodiscard]] inline std::span<const std::byte> text_bytes(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// UTF-8 text in the type that C++20 has for it.
[[nodiscard]] inline std::string_view as_chars(std::u8string_view text) noexcept {
  return {reinterpret_cast<const char*>(text.data()), text.size()};
}

/// A growable array of bytes that is never zero-filled. Move-only.
class buffer {
 public:
  buffer() = default;
  explicit buffer(std::span<const std::byte> bytes) { append(bytes); }
  /// Adopts a block from acquire_block that is filled up to `size`.
  buffer(std::byte* block, std::size_t size, std::size_t capacity) noexcept
      : data_(block), size_(size), capacity_(capacity) {}
  buffer(buffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  buffer& operator=(buffer&& other) noexcept {
    if (this != &other) {
      reset();
      data_ = std::exchange(other.data_, nullptr);
      size_ = std::exchange(other.size_, 0);
      capacity_ = std::exchange(other.capacity_, 0);
    }
    return *this;
  }
  ~buffer() { reset(); }

  [[nodiscard]] std::byte* data() noexcept { return data_; }
  [[nodiscard]] const std::byte* data() const noexcept { return data_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }
  [[nodiscard]] std::span<std::byte> bytes() noexcept { return {data_, size_}; }

  /// Reserves `more` bytes after the contents and returns a pointer to them. commit() adds them to the contents.
  [[nodiscard]] std::byte* prepare(std::size_t more) {
    if (capacity_ - size_ < more) grow(more);
    return data_ + size_;
  }
  void commit(std::size_t written) noexcept { size_ += written; }
  void append(std::span<const std::byte> bytes) {
    if (bytes.empty()) return;
    std::memcpy(prepare(bytes.size()), bytes.data(), bytes.size());
    commit(bytes.size());
  }
  /// Clears the contents and keeps the block.
  void clear() noexcept { size_ = 0; }
  /// Clears the contents and releases the block.
  void reset() noexcept {
    if (data_) release_block(std::exchange(data_, nullptr), std::exchange(capacity_, 0));
    size_ = 0;
  }

 private:
  void grow(std::size_t more);

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace twinsocket::detail
