// Wraps every allocation of the program, its static libraries, OpenSSL and zlib.

#define ZLIB_CONST
#include <openssl/crypto.h>
#include <zlib.h>

#include <cstdlib>
#include <new>

#include "failing.hpp"

extern "C" {
void* __real_malloc(std::size_t size);
void* __wrap_malloc(std::size_t size);
void* __wrap_malloc(std::size_t size) { return fails(resource::memory) ? nullptr : __real_malloc(size); }

void* __real_calloc(std::size_t count, std::size_t size);
void* __wrap_calloc(std::size_t count, std::size_t size);
void* __wrap_calloc(std::size_t count, std::size_t size) {
  return fails(resource::memory) ? nullptr : __real_calloc(count, size);
}

void* __real_realloc(void* block, std::size_t size);
void* __wrap_realloc(void* block, std::size_t size);
void* __wrap_realloc(void* block, std::size_t size) {
  return fails(resource::memory) ? nullptr : __real_realloc(block, size);
}
}

namespace {

// --wrap does not reach shared libraries: zlib is given its allocator here.
voidpf zlib_allocate(voidpf, uInt items, uInt size) { return std::calloc(items, size); }
void zlib_free(voidpf, voidpf block) { std::free(block); }

void give_memory(z_streamp stream) {
  stream->zalloc = zlib_allocate;
  stream->zfree = zlib_free;
}

// OpenSSL accepts an allocator only before its first allocation.
const bool openssl_configured = [] {
  const auto allocate = [](std::size_t size, const char*, int) { return std::malloc(size); };
  const auto grow = [](void* block, std::size_t size, const char*, int) { return std::realloc(block, size); };
  const auto free = [](void* block, const char*, int) { std::free(block); };
  if (CRYPTO_set_mem_functions(allocate, grow, free) != 1) std::abort();
  return true;
}();

}  // namespace

extern "C" {
int __real_deflateInit2_(z_streamp stream, int level, int method, int bits, int memory, int strategy,
                         const char* version, int size);
int __wrap_deflateInit2_(z_streamp stream, int level, int method, int bits, int memory, int strategy,
                         const char* version, int size);
int __wrap_deflateInit2_(z_streamp stream, int level, int method, int bits, int memory, int strategy,
                         const char* version, int size) {
  give_memory(stream);
  return __real_deflateInit2_(stream, level, method, bits, memory, strategy, version, size);
}

int __real_inflateInit2_(z_streamp stream, int bits, const char* version, int size);
int __wrap_inflateInit2_(z_streamp stream, int bits, const char* version, int size);
int __wrap_inflateInit2_(z_streamp stream, int bits, const char* version, int size) {
  give_memory(stream);
  return __real_inflateInit2_(stream, bits, version, size);
}
}

void* operator new(std::size_t size) {
  void* const block = std::malloc(size > 0 ? size : 1);
  if (!block) throw std::bad_alloc();
  return block;
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size > 0 ? size : 1); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return std::malloc(size > 0 ? size : 1); }
void operator delete(void* block) noexcept { std::free(block); }
void operator delete[](void* block) noexcept { std::free(block); }
void operator delete(void* block, std::size_t) noexcept { std::free(block); }
void operator delete[](void* block, std::size_t) noexcept { std::free(block); }
