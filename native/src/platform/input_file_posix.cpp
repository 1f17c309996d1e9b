#include "platform/input_file.hpp"

#include <unistd.h>

namespace twinsocket::detail {

input_file::~input_file() {
  if (descriptor_ != -1) ::close(static_cast<int>(descriptor_));
}

std::ptrdiff_t input_file::read_at(std::uint64_t position, std::span<char> to) const noexcept {
  return ::pread(static_cast<int>(descriptor_), to.data(), to.size(), static_cast<off_t>(position));
}

}  // namespace twinsocket::detail
