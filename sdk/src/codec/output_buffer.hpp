#pragma once

// Writes the text of a document into the buffer of a message.

#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

#include "twinsocket/detail/buffer.hpp"

namespace twinsocket::detail {

class output_buffer {
 public:
  void put(char c) {
    *buffer_.prepare(1) = static_cast<std::byte>(c);
    buffer_.commit(1);
  }
  void put(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(buffer_.prepare(text.size()), text.data(), text.size());
    buffer_.commit(text.size());
  }
  /// `write` appends up to `room` characters: it gets the position to write to and returns the end.
  template <class Write>
  void put(std::size_t room, Write write) {
    char* const at = reinterpret_cast<char*>(buffer_.prepare(room));
    buffer_.commit(static_cast<std::size_t>(write(at) - at));
  }
  [[nodiscard]] buffer take() && { return std::move(buffer_); }

 private:
  buffer buffer_;
};

}  // namespace twinsocket::detail
