#include "twinsocket/detail/fatal.hpp"

#include <cstdio>
#include <cstdlib>

namespace twinsocket::detail {

void fatal(const char* sentence) noexcept {
  std::fputs("twinsocket: ", stderr);
  std::fputs(sentence, stderr);
  std::fputs("\n", stderr);
  std::abort();
}

}  // namespace twinsocket::detail
