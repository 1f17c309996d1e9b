#pragma once

// The bursts that each connection sends, framed, masked and deflated in advance so that the load generator spends no time on
// it.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

/// ascii, unicode and json are text. In unicode, half of the characters take 2, 3 or 4 bytes. json has names that repeat and
/// values that do not, like the messages of a program.
enum class content { binary, ascii, unicode, json };

class workload {
 public:
  /// `bursts` bursts of `depth` messages of `bytes` each. All differ if a number fits into them. With `deflate` each message
  /// is compressed by itself, which is allowed whether or not the connection has context takeover.
  workload(content kind, std::size_t bytes, std::size_t depth, std::size_t bursts = 1, bool deflate = false);

  /// The client frames of one burst.
  [[nodiscard]] std::string_view burst(std::size_t index = 0) const noexcept { return bursts_[index]; }
  [[nodiscard]] std::size_t bursts() const noexcept { return bursts_.size(); }
  [[nodiscard]] const std::string& payload(std::size_t index) const { return payloads_[index]; }
  /// Messages of a burst, and of all bursts.
  [[nodiscard]] std::size_t depth() const noexcept { return payloads_.size() / bursts_.size(); }
  [[nodiscard]] std::size_t messages() const noexcept { return payloads_.size(); }
  [[nodiscard]] bool is_deflated() const noexcept { return deflate_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return payloads_.front().size(); }
  /// Opcode (RFC 6455 section 5.2): 1 for text, 2 for binary.
  [[nodiscard]] unsigned opcode() const noexcept { return opcode_; }

 private:
  unsigned opcode_;
  bool deflate_;
  std::vector<std::string> payloads_;
  std::vector<std::string> bursts_;
};

}  // namespace bench
