#include "protocol/frame.hpp"

#include <cstring>

namespace twinsocket::detail {

namespace {

// In network byte order.
template <std::size_t Bytes>
std::uint64_t get_number(const std::byte* from) noexcept {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < Bytes; ++i) number = number << 8 | std::to_integer<std::uint64_t>(from[i]);
  return number;
}

}  // namespace

frame_header decode_header(const std::byte* bytes) noexcept {
  const auto first = std::to_integer<unsigned>(bytes[0]);
  const auto second = std::to_integer<unsigned>(bytes[1]);
  frame_header header;
  header.op = static_cast<opcode>(first & 0x0f);
  header.fin = (first & 0x80) != 0;
  header.rsv1 = (first & 0x40) != 0;
  header.masked = (second & 0x80) != 0;
  header.length = second & 0x7f;
  bytes += 2;
  if (header.length == 126) {
    header.length = get_number<2>(bytes);
    bytes += 2;
  } else if (header.length == 127) {
    header.length = get_number<8>(bytes);
    bytes += 8;
  }
  if (header.masked) std::memcpy(header.key.data(), bytes, header.key.size());
  return header;
}

}  // namespace twinsocket::detail
