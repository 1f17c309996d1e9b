#pragma once

// Memory for one pending Asio operation, embedded in its owner. Asio recycles memory blocks of all sizes, so a wait of hours
// could otherwise hold a block that was allocated for a larger operation.

#include <atomic>
#include <cstddef>
#include <new>

namespace twinsocket::detail {

/// Thread-safe.
class wait_memory {
 public:
  wait_memory() = default;
  wait_memory(const wait_memory&) = delete;
  wait_memory& operator=(const wait_memory&) = delete;

  /// Uses the heap if the size does not fit, or if the memory is in use.
  [[nodiscard]] void* take(std::size_t size) {
    if (size > sizeof room_ || taken_.exchange(true, std::memory_order_acquire)) return ::operator new(size);
    return room_;
  }
  void give_back(void* block) noexcept {
    if (block == room_) {
      taken_.store(false, std::memory_order_release);
    } else {
      ::operator delete(block);
    }
  }

 private:
  alignas(std::max_align_t) std::byte room_[112];
  std::atomic<bool> taken_{false};
};

/// The allocator of an operation whose handler keeps the wait_memory alive. Asio deallocates before it calls the handler.
template <class T>
class wait_allocator {
 public:
  using value_type = T;

  explicit wait_allocator(wait_memory& memory) noexcept : memory_(&memory) {}
  template <class U>
  wait_allocator(const wait_allocator<U>& other) noexcept : memory_(other.memory_) {}

  [[nodiscard]] T* allocate(std::size_t count) { return static_cast<T*>(memory_->take(count * sizeof(T))); }
  void deallocate(T* block, std::size_t) noexcept { memory_->give_back(block); }

  template <class U>
  friend bool operator==(const wait_allocator& a, const wait_allocator<U>& b) noexcept {
    return a.memory_ == b.memory_;
  }

 private:
  template <class U>
  friend class wait_allocator;

  wait_memory* memory_;
};

}  // namespace twinsocket::detail
