#pragma once

// Reads what a server sends back: that it is the messages of the workload, in their order.

#include <array>
#include <cstddef>
#include <string_view>

#include "workload.hpp"

namespace bench {

class reply_reader {
 public:
  explicit reply_reader(const workload& expected) : expected_(&expected) {}

  /// Takes bytes as they come; returns how many messages ended in them. Kinds and lengths are always checked, payloads
  /// only when `compare`. Ends the program when something else comes than what is expected. Pings are passed over.
  std::size_t read(std::string_view bytes, bool compare);

 private:
  void begin_frame();
  [[nodiscard]] std::size_t header_size() const noexcept;

  const workload* expected_;
  std::size_t next_ = 0;      // which of the workload's messages is coming
  std::size_t received_ = 0;  // payload bytes of it that are here
  std::size_t left_ = 0;      // payload bytes of the frame that are not here
  std::array<unsigned char, 10> header_{};
  std::size_t header_read_ = 0;
  bool in_frame_ = false;
  bool in_message_ = false;
  bool is_ping_ = false;
};

}  // namespace bench
