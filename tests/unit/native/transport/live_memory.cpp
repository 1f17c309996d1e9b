// Counts live heap memory: replaces new and delete, and the linker redirects malloc, realloc, aligned_alloc and free
// (--wrap). Asio uses aligned_alloc.

#include "live_memory.hpp"

#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <new>

extern "C" void* __real_malloc(std::size_t size);
extern "C" void* __real_realloc(void* block, std::size_t size);
extern "C" void* __real_aligned_alloc(std::size_t alignment, std::size_t size);
extern "C" void __real_free(void* block);
extern "C" void* __wrap_malloc(std::size_t size);
extern "C" void* __wrap_realloc(void* block, std::size_t size);
extern "C" void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size);
extern "C" void __wrap_free(void* block);

namespace {

std::atomic<std::size_t> live{0};

std::size_t size_of(void* block) noexcept { return block ? ::malloc_usable_size(block) : 0; }

}  // namespace

std::size_t live_bytes() noexcept { return live; }

extern "C" void* __wrap_malloc(std::size_t size) {
  void* const block = __real_malloc(size);
  live += size_of(block);
  return block;
}

extern "C" void* __wrap_realloc(void* block, std::size_t size) {
  const std::size_t before = size_of(block);
  void* const moved = __real_realloc(block, size);
  if (moved) live += size_of(moved) - before;
  return moved;
}

extern "C" void* __wrap_aligned_alloc(std::size_t alignment, std::size_t size) {
  void* const block = __real_aligned_alloc(alignment, size);
  live += size_of(block);
  return block;
}

extern "C" void __wrap_free(void* block) {
  live -= size_of(block);
  __real_free(block);
}

void* operator new(std::size_t size) {
  if (void* const block = __wrap_malloc(size > 0 ? size : 1)) return block;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return __wrap_malloc(size > 0 ? size : 1); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return __wrap_malloc(size > 0 ? size : 1); }
void operator delete(void* block) noexcept { __wrap_free(block); }
void operator delete[](void* block) noexcept { __wrap_free(block); }
void operator delete(void* block, std::size_t) noexcept { __wrap_free(block); }
void operator delete[](void* block, std::size_t) noexcept { __wrap_free(block); }
