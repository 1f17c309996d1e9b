#include "protocol/frame.hpp"

#include <cstring>

namespace twinsocket::detail {

namespace {

// Numbers are in network byte order (RFC 6455 section 5.2).
template <std::size_t Bytes>
void put_number(std::byte* to, std::uint64_t number) noexcept {
  for (std::size_t i = Bytes; i-- > 0; number >>= 8) to[i] = static_cast<std::byte>(number & 0xff);
}

template <std::size_t Bytes>
std::uint64_t get_number(const std::byte* from) noexcept {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < Bytes; ++i) number = number << 8 | std::to_integer<std::uint64_t>(from[i]);
  return number;
}

}  // namespace

std::size_t encode_header(const frame_header& header, std::byte* out) noexcept {
  out[0] =
      static_cast<std::byte>((header.fin ? 0x80 : 0) | (header.rsv1 ? 0x40 : 0) | static_cast<unsigned>(header.op));
  const unsigned mask_bit = header.masked ? 0x80 : 0;
  std::size_t size = 2;
  if (header.length < 126) {
    out[1] = static_cast<std::byte>(mask_bit | static_cast<unsigned>(header.length));
  } else if (header.length <= 0xffff) {
    out[1] = static_cast<std::byte>(mask_bit | 126);
    put_number<2>(out + 2, header.length);
    size = 4;
  } else {
    out[1] = static_cast<std::byte>(mask_bit | 127);
    put_number<8>(out + 2, header.length);
    size = 10;
  }
  if (!header.masked) return size;
  std::memcpy(out + size, header.key.data(), header.key.size());
  return size + header.key.size();
}

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
