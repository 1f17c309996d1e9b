// Replacements of functions of the C library, which the npm package would contain only because libc++ refers to them:
// - printf, a seventh of its size: std::to_string for floating-point numbers, which is not used here, is in one object with
//   that for integers.
// - The texts of errno: std::error_code, of which an error has one, refers to the category of the system. There are no such
//   errors here.

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
int strerror_r(int, char* out, std::size_t size) { return write_nothing(out, size); }

}  // extern "C"
