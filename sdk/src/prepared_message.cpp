#include "twinsocket/prepared_message.hpp"

#include "protocol/utf8.hpp"
#include "protocol/writer.hpp"

namespace twinsocket {

namespace detail {

prepared_frames::prepared_frames(message_kind kind, std::span<const std::byte> payload)
    : kind_(kind), sendable_(kind == message_kind::binary || is_valid_utf8(payload)) {
  writer(role::server, nullptr).message(frame_, kind, payload);
  header_size_ = frame_.size() - payload.size();
}

}  // namespace detail

prepared_message::prepared_message(std::string_view utf8)
    : prepared_message(message_kind::text, std::as_bytes(std::span(utf8))) {}

prepared_message::prepared_message(message_kind kind, std::span<const std::byte> bytes)
    : frames_(std::make_shared<detail::prepared_frames>(kind, bytes)) {}

}  // namespace twinsocket
