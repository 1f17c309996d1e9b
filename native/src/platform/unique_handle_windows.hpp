#pragma once

#include <windows.h>

#include <utility>

namespace twinsocket::detail {

/// Owns a kernel object of Windows, and closes its handle.
class unique_handle {
 public:
  unique_handle() = default;
  /// INVALID_HANDLE_VALUE counts as no handle.
  explicit unique_handle(HANDLE handle) noexcept : handle_(handle == INVALID_HANDLE_VALUE ? nullptr : handle) {}
  unique_handle(unique_handle&& other) noexcept : handle_(other.release()) {}
  unique_handle& operator=(unique_handle&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~unique_handle() { close(); }

  void close() noexcept {
    if (handle_) ::CloseHandle(std::exchange(handle_, nullptr));
  }
  [[nodiscard]] HANDLE get() const noexcept { return handle_; }
  explicit operator bool() const noexcept { return handle_ != nullptr; }
  HANDLE release() noexcept { return std::exchange(handle_, nullptr); }

 private:
  HANDLE handle_ = nullptr;
};

}  // namespace twinsocket::detail
