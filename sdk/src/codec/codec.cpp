#include "twinsocket/codec.hpp"

namespace twinsocket {

result<message> text_codec::encode(std::string_view characters) const { return message(characters); }

result<std::string> text_codec::decode_text(const message& received) {
  if (!received.is_text()) return error(errc::wrong_kind, "expected a text message, found a binary one");
  return std::string(received.text());
}

result<message> binary_codec::encode(std::span<const std::byte> bytes) const {
  return message(message_kind::binary, bytes);
}

result<std::vector<std::byte>> binary_codec::decode_bytes(const message& received) {
  if (received.is_text()) return error(errc::wrong_kind, "expected a binary message, found a text one");
  return std::vector<std::byte>(received.bytes().begin(), received.bytes().end());
}

}  // namespace twinsocket
