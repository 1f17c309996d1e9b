#include "allocations.hpp"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<std::size_t> count = 0;
}

std::size_t allocations() noexcept { return count; }

// The linker is told to bring every call of malloc in this program here (--wrap=malloc).
extern "C" {
void* __real_malloc(std::size_t size);
void* __wrap_malloc(std::size_t size);
void* __wrap_malloc(std::size_t size) {
  ++count;
  return __real_malloc(size);
}
}

// The standard library's own operator new lies in a shared library, where the linker wraps nothing.
void* operator new(std::size_t size) {
  void* const block = std::malloc(size > 0 ? size : 1);
  if (!block) std::abort();
  return block;
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size > 0 ? size : 1); }
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
