#include "reply_reader.hpp"

#include <algorithm>
#include <string>

#include "fail.hpp"

namespace bench {

std::size_t reply_reader::header_size() const noexcept {
  if (header_read_ < 2) return 2;
  const unsigned length = header_[1] & 0x7f;
  return length < 126 ? 2 : length == 126 ? 4 : 10;
}

void reply_reader::begin_frame() {
  const unsigned opcode = header_[0] & 0x0f;
  left_ = header_[1] & 0x7f;
  if (const std::size_t size = header_size(); size > 2) {
    left_ = 0;
    for (std::size_t i = 2; i < size; ++i) left_ = left_ << 8 | header_[i];
  }
  is_ping_ = opcode == 9;
  if (is_ping_) return;
  if (opcode != (in_message_ ? 0 : expected_->opcode()))
    fail("a frame with opcode " + std::to_string(opcode) + " came instead of the message's");
  if (!in_message_) received_ = 0;
  in_message_ = true;
  if (received_ + left_ > expected_->bytes()) fail("a message of more bytes came back than was sent");
}

std::size_t reply_reader::read(std::string_view bytes, bool compare) {
  std::size_t ended = 0;
  // An empty payload is complete as soon as its header is, even at the end of the bytes.
  while (!bytes.empty() || (in_frame_ && left_ == 0)) {
    if (!in_frame_) {
      header_[header_read_++] = static_cast<unsigned char>(bytes.front());
      bytes.remove_prefix(1);
      if (header_read_ < header_size()) continue;
      begin_frame();
      header_read_ = 0;
      in_frame_ = true;
    }
    const std::size_t here = std::min(left_, bytes.size());
    if (!is_ping_) {
      if (compare && bytes.substr(0, here) != std::string_view(expected_->payload(next_)).substr(received_, here))
        fail("another payload came back than was sent");
      received_ += here;
    }
    left_ -= here;
    bytes.remove_prefix(here);
    if (left_ > 0) break;
    in_frame_ = false;
    if (is_ping_ || (header_[0] & 0x80) == 0) continue;
    if (received_ != expected_->bytes())
      fail("a message of " + std::to_string(received_) + " bytes came back, not of " +
           std::to_string(expected_->bytes()));
    in_message_ = false;
    next_ = (next_ + 1) % expected_->depth();
    ++ended;
  }
  return ended;
}

}  // namespace bench
