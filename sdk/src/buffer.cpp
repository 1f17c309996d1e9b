#include "twinsocket/detail/buffer.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

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
  enum class state : std::uint8_t {
    unused,  // No block has been released in this thread.
    open,
    closed,  // The thread is ending. Thread-local and static objects may still release blocks.
  };

  std::array<free_block*, sizes> first;
  std::array<std::size_t, sizes> bytes;
  state now;

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
};

// Without a constructor and a destructor: an access is then no more than an address. pool_closer frees the blocks.
constinit thread_local pool free_blocks{};

struct pool_closer {
  void open() noexcept { free_blocks.now = pool::state::open; }
  ~pool_closer() {
    for (free_block*& head : free_blocks.first)
      while (head) std::free(std::exchange(head, head->next));
    free_blocks.now = pool::state::closed;
  }
};

// True if this thread keeps released blocks.
bool open_pool() noexcept {
  if (free_blocks.now == pool::state::closed) return false;
  static thread_local pool_closer closer;
  closer.open();
  return true;
}

}  // namespace

std::byte* acquire_block(std::size_t wanted, std::size_t& capacity) {
  if (wanted > largest) {
    capacity = wanted;
    return from_heap(wanted);
  }
  const std::size_t slot = wanted <= smallest ? 0 : slot_of(2 * wanted - 1);
  capacity = smallest << slot;
  std::byte* const block = free_blocks.take(slot);
  return block ? block : from_heap(capacity);
}

std::byte* acquire_free_block(std::size_t wanted, std::size_t most, std::size_t& capacity) {
  for (std::size_t size = std::bit_floor(std::min(most, largest)); size > wanted; size /= 2) {
    std::byte* const block = free_blocks.take(slot_of(size));
    if (!block) continue;
    capacity = size;
    return block;
  }
  return acquire_block(wanted, capacity);
}

void release_block(std::byte* block, std::size_t capacity) noexcept {
  if (capacity <= largest && (free_blocks.now == pool::state::open || open_pool())) {
    pool& free = free_blocks;
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
