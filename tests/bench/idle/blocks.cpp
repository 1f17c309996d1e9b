// Replaces new and delete, and the linker redirects malloc, realloc and free (--wrap). Shared libraries are not counted.

#include "blocks.hpp"

#include <link.h>
#include <malloc.h>
#include <unwind.h>

#include <cstdlib>
#include <mutex>
#include <new>
#include <unordered_map>

extern "C" void* __real_malloc(std::size_t size);
extern "C" void* __real_realloc(void* block, std::size_t size);
extern "C" void __real_free(void* block);
extern "C" void* __wrap_malloc(std::size_t size);
extern "C" void* __wrap_realloc(void* block, std::size_t size);
extern "C" void __wrap_free(void* block);

namespace {

struct table {
  std::mutex lock;
  std::unordered_map<void*, bench::block_origin> blocks;
};

table& live() {
  static table& one = *new table;  // never destroyed: blocks are freed after main()
  return one;
}

// What the table itself allocates is not counted.
thread_local bool is_counting = true;

/// Where the program is loaded.
std::uintptr_t load_address() {
  std::uintptr_t address = 0;
  const auto first = [](dl_phdr_info* info, std::size_t, void* to) {
    *static_cast<std::uintptr_t*>(to) = info->dlpi_addr;
    return 1;
  };
  dl_iterate_phdr(first, &address);
  return address;
}

// The function that called malloc or new, which called record().
__attribute__((noinline)) std::uintptr_t caller_of_allocation() {
  struct search {
    int left = 3;
    std::uintptr_t address = 0;
  } found;
  const auto next = [](_Unwind_Context* frame, void* to) {
    auto& self = *static_cast<search*>(to);
    if (self.left-- > 0) return _URC_NO_REASON;
    self.address = _Unwind_GetIP(frame);
    return _URC_END_OF_STACK;
  };
  _Unwind_Backtrace(next, &found);
  static const std::uintptr_t start = load_address();
  // A return address may be the beginning of another function.
  return found.address - 1 - start;
}

__attribute__((noinline)) void record(void* block) {
  if (!block || !is_counting) return;
  is_counting = false;
  const bench::block_origin origin{malloc_usable_size(block), caller_of_allocation()};
  {
    const std::lock_guard guard(live().lock);
    live().blocks[block] = origin;
  }
  is_counting = true;
}

void forget(void* block) {
  if (!block || !is_counting) return;
  is_counting = false;
  {
    const std::lock_guard guard(live().lock);
    live().blocks.erase(block);
  }
  is_counting = true;
}

}  // namespace

std::map<bench::block_origin, std::size_t> bench::live_blocks() {
  is_counting = false;
  std::map<block_origin, std::size_t> counts;
  {
    const std::lock_guard guard(live().lock);
    for (const auto& [block, origin] : live().blocks) ++counts[origin];
  }
  is_counting = true;
  return counts;
}

extern "C" void* __wrap_malloc(std::size_t size) {
  void* const block = __real_malloc(size);
  record(block);
  return block;
}

extern "C" void* __wrap_realloc(void* block, std::size_t size) {
  forget(block);
  void* const moved = __real_realloc(block, size);
  record(moved ? moved : block);
  return moved;
}

extern "C" void __wrap_free(void* block) {
  forget(block);
  __real_free(block);
}

void* operator new(std::size_t size) {
  void* const block = __real_malloc(size > 0 ? size : 1);
  if (!block) throw std::bad_alloc();
  record(block);
  return block;
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  void* const block = __real_malloc(size > 0 ? size : 1);
  record(block);
  return block;
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return operator new(size, std::nothrow); }
void operator delete(void* block) noexcept { __wrap_free(block); }
void operator delete[](void* block) noexcept { __wrap_free(block); }
void operator delete(void* block, std::size_t) noexcept { __wrap_free(block); }
void operator delete[](void* block, std::size_t) noexcept { __wrap_free(block); }
