#pragma once

#include <utility>

namespace twinsocket::detail {

/// Owns the descriptor of a socket or a pipe, and closes it.
class unique_fd {
 public:
  unique_fd() = default;
  explicit unique_fd(int number) noexcept : fd_(number) {}
  unique_fd(unique_fd&& other) noexcept : fd_(other.release()) {}
  unique_fd& operator=(unique_fd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~unique_fd() {
    if (fd_ >= 0) close(fd_);
  }

  [[nodiscard]] int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  int release() noexcept { return std::exchange(fd_, -1); }

 private:
  static void close(int number) noexcept;

  int fd_ = -1;
};

}  // namespace twinsocket::detail
