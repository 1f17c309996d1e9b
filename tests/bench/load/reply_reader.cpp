#include "reply_reader.hpp"

#include <zlib.h>

#include <algorithm>
#include <string>
#include <utility>

#include "fail.hpp"

namespace bench {

struct reply_reader::inflater {
  inflater() { inflateInit2(&stream, -15); }
  inflater(const inflater&) = delete;
  ~inflater() { inflateEnd(&stream); }

  std::string inflate(std::string deflated, std::size_t most) {
    deflated.append("\0\0\xff\xff", 4);
    std::string out(most, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(deflated.data());
    stream.avail_in = static_cast<uInt>(deflated.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = ::inflate(&stream, Z_SYNC_FLUSH);
    // A server may end its stream with each message (section 7.2.3.4).
    if (result == Z_STREAM_END) inflateReset(&stream);
    if (result < 0 || (result != Z_STREAM_END && stream.avail_in > 0)) fail("a reply cannot be inflated");
    out.resize(out.size() - stream.avail_out);
    return out;
  }

  z_stream stream{};
};

reply_reader::reply_reader(const workload& expected) : expected_(&expected) {
  if (expected.is_deflated()) inflater_ = std::make_shared<inflater>();
}

void reply_reader::compare_inflated() {
  const std::string& sent = expected_->payload(next_);
  if (inflater_->inflate(std::exchange(deflated_, {}), sent.size() + 1) != sent)
    fail("another payload came back than was sent");
}

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
  if (!in_message_) {
    received_ = 0;
    is_deflated_ = (header_[0] & 0x40) != 0;
    if (is_deflated_ && !inflater_) fail("a compressed message came back");
  }
  in_message_ = true;
  if (!is_deflated_ && received_ + left_ > expected_->bytes()) fail("a message of more bytes came back than was sent");
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
    if (!is_ping_ && is_deflated_) {
      if (compare) deflated_ += bytes.substr(0, here);
      received_ += here;
    } else if (!is_ping_) {
      if (compare && bytes.substr(0, here) != std::string_view(expected_->payload(next_)).substr(received_, here))
        fail("another payload came back than was sent");
      received_ += here;
    }
    left_ -= here;
    bytes.remove_prefix(here);
    if (left_ > 0) break;
    in_frame_ = false;
    if (is_ping_ || (header_[0] & 0x80) == 0) continue;
    end_message(compare);
    ++ended;
  }
  return ended;
}

void reply_reader::end_message(bool compare) {
  const std::size_t size = expected_->payload(next_).size();
  if (is_deflated_) {
    if (compare) compare_inflated();
    if (received_ == 0) fail("a compressed message of no bytes came back");
  } else if (received_ != size) {
    fail("a message of " + std::to_string(received_) + " bytes came back, not of " + std::to_string(size));
  }
  in_message_ = false;
  next_ = (next_ + 1) % expected_->messages();
}

}  // namespace bench
