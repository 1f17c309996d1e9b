#include "twinsocket/detail/buffer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <new>

#include "free_block.hpp"

// Free blocks are poisoned, so that AddressSanitizer reports any access to them. In other builds the macros are empty.
#if __has_include(<sanitizer/asan_interface.h>)
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(block, size) static_cast<void>(0)
#define ASAN_UNPOISON_MEMORY_REGION(block, size) static_cast<void>(0)
#endif

namespace twinsocket::detail {

namespace {

// Block sizes are powers of two from 64 bytes to 64 KiB. Each thread caches at most 256 KiB of free blocks of each size.
// Larger blocks come straight from the heap, because filling them costs more than allocating them.
constexpr std::size_t smallest = 64;
constexpr std::size_t largest = 64 * 1024;
constexpr std::size_t kept_per_size = 256 * 1024;
constexpr std::size_t sizes = std::bit_width(largest) - std::bit_width(smallest) + 1;

constexpr std::size_t slot_of(std::size_t capacity) { return std::bit_width(capacity) - std::bit_width(smallest); }

[[noreturn]] void out_of_memory() {
#if defined(__cpp_exceptions)
  throw std::bad_alloc();
#else
  std::abort();
#endif
}

std::byte* from_heap(std::size_t capacity) {
  void* const block = std::malloc(capacity);
  if (!block) out_of_memory();
  return static_cast<std::byte*>(block);
}

// The free list is intrusive: a free block holds the link to the next one.
struct free_block {
  free_block* next;
};

struct pool {
  std::array<free_block*, sizes> first{};
  std::array<std::size_t, sizes> bytes{};

  /// A free block of a slot, or null.
  std::byte* take(std::size_t slot) noexcept {
    free_block* const block = first[slot];
    if (!block) return nullptr;
    const std::size_t capacity = smallest << slot;
    ASAN_UNPOISON_MEMORY_REGION(block, capacity);
    first[slot] = block->next;
    bytes[slot] -= capacity;
    return reinterpret_cast<std::byte*>(block);
  }

  ~pool() {
    for (free_block*& head : first)
      while (head) std::free(std::exchange(head, head->next));
    closed = true;
  }
  // Set when the thread's pool has been destroyed. Thread-local and static objects may still release blocks after that.
  static inline thread_local bool closed = false;
};

pool& this_thread() {
  static thread_local pool instance;
  return instance;
}

}  // namespace

std::byte* acquire_block(std::size_t wanted, std::size_t& capacity) {
  if (wanted > largest) {
    capacity = wanted;
    return from_heap(wanted);
  }
  capacity = std::max(smallest, std::bit_ceil(wanted));
  std::byte* const block = pool::closed ? nullptr : this_thread().take(slot_of(capacity));
  return block ? block : from_heap(capacity);
}

std::byte* acquire_free_block(std::size_t wanted, std::size_t most, std::size_t& capacity) {
  if (!pool::closed) {
    pool& free = this_thread();
    for (std::size_t size = std::bit_floor(std::min(most, largest)); size > wanted; size /= 2) {
      std::byte* const block = free.take(slot_of(size));
      if (!block) continue;
      capacity = size;
      return block;
    }
  }
  return acquire_block(wanted, capacity);
}

void release_block(std::byte* block, std::size_t capacity) noexcept {
  if (capacity <= largest && !pool::closed) {
    pool& free = this_thread();
    const std::size_t slot = slot_of(capacity);
    if (free.bytes[slot] + capacity <= kept_per_size) {
      free.first[slot] = new (block) free_block{free.first[slot]};
      ASAN_POISON_MEMORY_REGION(block + sizeof(free_block), capacity - sizeof(free_block));
      free.bytes[slot] += capacity;
      return;
    }
  }
  std::free(block);
}

void buffer::grow(std::size_t more) {
  const std::size_t wanted = std::max(size_ + more, 2 * capacity_);
  if (capacity_ > largest) {
    // The heap can often grow a large block in place, or by remapping pages instead of copying bytes.
    void* const block = std::realloc(data_, wanted);
    if (!block) out_of_memory();
    data_ = static_cast<std::byte*>(block);
    capacity_ = wanted;
    return;
  }
  std::size_t capacity = 0;
  std::byte* const block = acquire_block(wanted, capacity);
  if (size_) std::memcpy(block, data_, size_);
  if (data_) release_block(data_, capacity_);
  data_ = block;
  capacity_ = capacity;
}

}  // namespace twinsocket::detail
