// libc++ has std::to_string for floating-point numbers, which is not used here, in one object with that for integers. For it
// alone the npm package would contain all of printf, a seventh of its size. These functions replace those of the C library.

#include <cstdarg>
#include <cstddef>

namespace {

int write_nothing(char* out, std::size_t size) {
  if (size) *out = '\0';
  return 0;
}

}  // namespace

extern "C" {

int snprintf(char* out, std::size_t size, const char*, ...) { return write_nothing(out, size); }
int vsnprintf(char* out, std::size_t size, const char*, va_list) { return write_nothing(out, size); }

}  // extern "C"
