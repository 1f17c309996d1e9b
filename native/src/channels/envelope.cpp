#include "channels/envelope.hpp"

#include <span>

#include "twinsocket/cbor.hpp"

namespace twinsocket::detail {

namespace {

// Encoding fails only for text that is not UTF-8, which no message has.
template <class T>
std::string encode(const T& what) {
  const result<message> made = cbor.encode(what);
  if (!made) return {};
  const auto bytes = made->bytes();
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

template <class T>
result<T> decode(std::string_view bytes) {
  return cbor.decode<T>(message(message_kind::binary, std::as_bytes(std::span(bytes))));
}

}  // namespace

std::string encode_event(const channel_event& what) { return encode(what); }
result<channel_event> decode_event(std::string_view bytes) { return decode<channel_event>(bytes); }
std::string encode_member(const channel_protocol::member& who) { return encode(who); }
result<channel_protocol::member> decode_member(std::string_view bytes) {
  return decode<channel_protocol::member>(bytes);
}

}  // namespace twinsocket::detail
