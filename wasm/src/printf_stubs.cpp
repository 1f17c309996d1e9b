// tinyxml2 formats error texts, which are not used here. For them alone the npm package would contain all of printf, a sixth
// of its size. These functions replace those of the C library.

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
