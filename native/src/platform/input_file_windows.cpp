#include "platform/input_file.hpp"

#include <windows.h>

#include <algorithm>

namespace twinsocket::detail {

namespace {

// A handle has the size of a pointer.
HANDLE handle_of(std::intptr_t descriptor) noexcept {
  return reinterpret_cast<HANDLE>(descriptor);  // NOLINT(performance-no-int-to-ptr)
}

}  // namespace

input_file::~input_file() {
  if (descriptor_ != -1) ::CloseHandle(handle_of(descriptor_));
}

std::ptrdiff_t input_file::read_at(std::uint64_t position, std::span<char> to) const noexcept {
  OVERLAPPED where{};
  where.Offset = static_cast<DWORD>(position);
  where.OffsetHigh = static_cast<DWORD>(position >> 32);
  constexpr std::size_t most = 1U << 30;
  DWORD count = 0;
  if (::ReadFile(handle_of(descriptor_), to.data(), static_cast<DWORD>(std::min(to.size(), most)), &count, &where))
    return static_cast<std::ptrdiff_t>(count);
  return ::GetLastError() == ERROR_HANDLE_EOF ? 0 : -1;
}

}  // namespace twinsocket::detail
