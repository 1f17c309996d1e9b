#pragma once

// Names that nobody else has and that cannot be guessed: of clients, and of the histories of a process.

#include <array>
#include <cstddef>
#include <string>

#include "protocol/base64.hpp"
#include "transport/random_bytes.hpp"

namespace twinsocket::detail {

[[nodiscard]] inline std::string random_name() {
  std::array<std::byte, 12> bytes;
  random_bytes(bytes);
  return encode_base64(bytes);
}

}  // namespace twinsocket::detail
