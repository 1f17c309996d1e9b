#include "twinsocket/prepared_message.hpp"

#include "protocol/message_deflater.hpp"
#include "protocol/utf8.hpp"
#include "protocol/writer.hpp"

namespace twinsocket {

namespace detail {

prepared_frames::prepared_frames(message_kind kind, std::span<const std::byte> payload)
    : kind_(kind), sendable_(kind == message_kind::binary || is_valid_utf8(payload)) {
  writer(role::server, nullptr).message(frame_, kind, payload);
  header_size_ = frame_.size() - payload.size();
}

const compressed_frame& prepared_frames::compressed(const deflate_engine& engine, int window_bits) const {
  const std::scoped_lock lock(mutex_);
  for (const compressed_frame& form : compressed_)
    if (form.engine == &engine && form.window_bits == window_bits) return form;

  compressed_frame& form = compressed_.emplace_back(compressed_frame{&engine, window_bits, 0, {}});
  buffer bytes;
  if (deflate_single(engine, window_bits, payload(), bytes)) {
    writer(role::server, nullptr).message(form.frame, kind_, bytes.bytes(), true);
    form.header_size = form.frame.size() - bytes.size();
  }
  return form;
}

}  // namespace detail

prepared_message::prepared_message(std::string_view utf8)
    : prepared_message(message_kind::text, detail::text_bytes(utf8)) {}

prepared_message::prepared_message(message_kind kind, std::span<const std::byte> bytes)
    : frames_(std::make_shared<detail::prepared_frames>(kind, bytes)) {}

}  // namespace twinsocket
