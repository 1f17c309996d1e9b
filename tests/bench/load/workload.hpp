#pragma once

// The burst that each connection sends, framed and masked in advance so that the load generator spends no time on it.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// ascii and unicode are text. In unicode, half of the characters take 2, 3 or 4 bytes.
enum class content { binary, ascii, unicode };

class workload {
 public:
  /// `depth` messages of `bytes` each. All differ if a number fits into them.
  workload(content kind, std::size_t bytes, std::size_t depth);

  /// The client frames of one burst.
  [[nodiscard]] std::string_view burst() const noexcept { return burst_; }
  [[nodiscard]] const std::string& payload(std::size_t index) const { return payloads_[index]; }
  [[nodiscard]] std::size_t depth() const noexcept { return payloads_.size(); }
  [[nodiscard]] std::size_t bytes() const noexcept { return payloads_.front().size(); }
  /// Opcode (RFC 6455 section 5.2): 1 for text, 2 for binary.
  [[nodiscard]] unsigned opcode() const noexcept { return opcode_; }

 private:
  unsigned opcode_;
  std::vector<std::string> payloads_;
  std::string burst_;
};

}  // namespace bench
