#pragma once

// Encodes and decodes frame headers (RFC 6455 section 5.2). The reader validates them.

#include <array>
#include <cstddef>
#include <cstdint>

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

struct frame_header {
  opcode op = opcode::binary;
  bool fin = true;      ///< The last frame of its message.
  bool rsv1 = false;    ///< The message is compressed (RFC 7692 section 6).
  bool masked = false;  ///< `key` is valid.
  mask_key key{};
  std::uint64_t length = 0;  ///< Size of the payload in bytes.
};

/// Writes the header in its shortest form, and returns its size: at most max_frame_header bytes.
std::size_t encode_header(const frame_header& header, std::byte* out) noexcept;

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
