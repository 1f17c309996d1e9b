#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

namespace twinsocket::detail {

/// A file that is open for reading.
class input_file {
 public:
  input_file() = default;
  /// Takes ownership of a file descriptor, or of a handle on Windows.
  explicit input_file(std::intptr_t descriptor) noexcept : descriptor_(descriptor) {}
  input_file(input_file&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  input_file& operator=(input_file&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~input_file();

  explicit operator bool() const noexcept { return descriptor_ != -1; }
  [[nodiscard]] std::intptr_t descriptor() const noexcept { return descriptor_; }

  /// Reads from a position on. Returns the number of bytes, 0 at the end of the file, less than 0 on an error.
  [[nodiscard]] std::ptrdiff_t read_at(std::uint64_t position, std::span<char> to) const noexcept;

 private:
  std::intptr_t descriptor_ = -1;
};

}  // namespace twinsocket::detail
