#pragma once

// Encodes and decodes frame headers (RFC 6455 section 5.2). The reader validates them.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace twinsocket::detail {

/// The role of this endpoint. Clients mask their frames, servers do not (RFC 6455 section 5.1).
enum class role : std::uint8_t {
  client,  ///< The endpoint that opened the connection.
  server,  ///< The endpoint that accepted it.
};

/// The type of a frame (RFC 6455 section 5.2). All other values of the four bits are reserved.
enum class opcode : std::uint8_t {
  continuation = 0,  ///< A further fragment of a message.
  text = 1,          ///< A text message, or its first fragment.
  binary = 2,        ///< A binary message, or its first fragment.
  close = 8,         ///< Close frame: code and reason.
  ping = 9,
  pong = 10,
};

/// True for the opcodes of control frames: 8 and above (RFC 6455 section 5.5).
[[nodiscard]] constexpr bool is_control(opcode op) noexcept { return (static_cast<std::uint8_t>(op) & 8) != 0; }

/// The largest payload of a control frame (RFC 6455 section 5.5).
inline constexpr std::size_t max_control_payload = 125;

/// The largest header: two bytes, a 64-bit length and a masking key.
inline constexpr std::size_t max_frame_header = 14;

using mask_key = std::array<std::byte, 4>;

/// Writes a number in network byte order (RFC 6455 section 5.2), and returns its size.
template <std::size_t Bytes>
std::size_t put_number(std::byte* to, std::uint64_t number) noexcept {
  for (std::size_t i = Bytes; i-- > 0; number >>= 8) to[i] = static_cast<std::byte>(number & 0xff);
  return Bytes;
}

struct frame_header {
  opcode op = opcode::binary;
  bool fin = true;      ///< The last frame of its message.
  bool rsv1 = false;    ///< The message is compressed (RFC 7692 section 6).
  bool masked = false;  ///< `key` is valid.
  mask_key key{};
  std::uint64_t length = 0;  ///< Size of the payload in bytes.
};

/// Writes the header in its shortest form, and returns its size: at most max_frame_header bytes.
inline std::size_t encode_header(const frame_header& header, std::byte* out) noexcept {
  out[0] =
      static_cast<std::byte>((header.fin ? 0x80 : 0) | (header.rsv1 ? 0x40 : 0) | static_cast<unsigned>(header.op));
  const unsigned mask_bit = header.masked ? 0x80 : 0;
  std::size_t size = 2;
  if (header.length < 126) {
    out[1] = static_cast<std::byte>(mask_bit | static_cast<unsigned>(header.length));
  } else {
    const bool wide = header.length > 0xffff;
    out[1] = static_cast<std::byte>(mask_bit | (wide ? 127 : 126));
    size += wide ? put_number<8>(out + 2, header.length) : put_number<2>(out + 2, header.length);
  }
  if (!header.masked) return size;
  std::memcpy(out + size, header.key.data(), header.key.size());
  return size + header.key.size();
}

/// The size of a header with this second byte: 2 to 14 bytes.
[[nodiscard]] constexpr std::size_t header_size(std::byte second) noexcept {
  const auto bits = std::to_integer<unsigned>(second);
  const unsigned length = bits & 0x7f;
  return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + (bits & 0x80 ? 4 : 0);
}

/// Decodes a header of header_size(bytes[1]) bytes. Does not validate: a reserved opcode is returned as it is, RSV2 and
/// RSV3 are ignored, and a length need not be in its shortest form.
[[nodiscard]] frame_header decode_header(const std::byte* bytes) noexcept;

}  // namespace twinsocket::detail
