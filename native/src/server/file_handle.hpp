#pragma once

#include <unistd.h>

#include <utility>

namespace twinsocket::detail {

/// Owns a file descriptor and closes it.
class file_handle {
 public:
  file_handle() = default;
  explicit file_handle(int number) noexcept : number_(number) {}
  file_handle(file_handle&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  file_handle& operator=(file_handle&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~file_handle() {
    if (number_ >= 0) ::close(number_);
  }

  [[nodiscard]] int number() const noexcept { return number_; }
  explicit operator bool() const noexcept { return number_ >= 0; }

 private:
  int number_ = -1;
};

}  // namespace twinsocket::detail
