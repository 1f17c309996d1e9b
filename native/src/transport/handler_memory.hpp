#pragma once

// Memory for one pending Asio operation, embedded in its owner. Asio recycles memory blocks of all sizes, so a wait of hours
// could otherwise hold a block that was allocated for a larger operation.

#include <atomic>
#include <cstddef>
#include <new>

namespace twinsocket::detail {

/// Thread-safe.
class handler_memory {
 public:
  handler_memory() = default;
  handler_memory(const handler_memory&) = delete;
  handler_memory& operator=(const handler_memory&) = delete;

  /// Uses the heap if the size does not fit, or if the memory is in use.
  [[nodiscard]] void* allocate(std::size_t size) {
    if (size > sizeof storage_ || in_use_.exchange(true, std::memory_order_acquire)) return ::operator new(size);
    return storage_;
  }
  void deallocate(void* block) noexcept {
    if (block == storage_) {
      in_use_.store(false, std::memory_order_release);
    } else {
      ::operator delete(block);
    }
  }

 private:
  alignas(std::max_align_t) std::byte storage_[112];
  std::atomic<bool> in_use_{false};
};

/// The allocator of an operation whose handler keeps the handler_memory alive. Asio deallocates before it calls the handler.
template <class T>
class handler_allocator {
 public:
  using value_type = T;

  explicit handler_allocator(handler_memory& memory) noexcept : memory_(&memory) {}
  template <class U>
  handler_allocator(const handler_allocator<U>& other) noexcept : memory_(other.memory_) {}

  [[nodiscard]] T* allocate(std::size_t count) { return static_cast<T*>(memory_->allocate(count * sizeof(T))); }
  void deallocate(T* block, std::size_t) noexcept { memory_->deallocate(block); }

  template <class U>
  friend bool operator==(const handler_allocator& a, const handler_allocator<U>& b) noexcept {
    return a.memory_ == b.memory_;
  }

 private:
  template <class U>
  friend class handler_allocator;

  handler_memory* memory_;
};

}  // namespace twinsocket::detail
