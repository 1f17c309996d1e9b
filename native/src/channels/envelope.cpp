#include "channels/envelope.hpp"

#include <span>

#include "twinsocket/cbor.hpp"

namespace twinsocket::detail {

namespace {

template <class T>
result<std::string> encode(const T& what) {
  const result<message> made = cbor.encode(what);
  if (!made) return made.error();
  const auto bytes = made->bytes();
  return std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

template <class T>
result<T> decode(std::string_view bytes) {
  return cbor.decode<T>(message(message_kind::binary, std::as_bytes(std::span(bytes.data(), bytes.size()))));
}

}  // namespace

result<std::string> encode_event(const broker_event& what) { return encode(what); }
result<broker_event> decode_event(std::string_view bytes) { return decode<broker_event>(bytes); }
result<std::string> encode_member(const channel_protocol::member& who) { return encode(who); }
result<channel_protocol::member> decode_member(std::string_view bytes) {
  return decode<channel_protocol::member>(bytes);
}

}  // namespace twinsocket::detail
