#include "transport/random_bytes.hpp"

#include <openssl/rand.h>

#include <cstdlib>

namespace twinsocket::detail {

void random_bytes(std::span<std::byte> out) {
  // Masking keys must be unpredictable (RFC 6455 section 10.3). Without random bytes the program cannot go on.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) != 1) std::abort();
}

}  // namespace twinsocket::detail
