#pragma once

// The header of a frame (RFC 6455 section 5.2), to bytes and back. What a header may say in which place is the
// reader's business.

#include <array>
#include <cstddef>
#include <cstdint>

namespace twinsocket::detail {

/// Which end of the connection this side is. Clients mask their frames, servers do not (RFC 6455 section 5.1).
enum class role : std::uint8_t {
  client,  ///< The side that asked for the connection.
  server,  ///< The side that accepted it.
};

/// What a frame carries (RFC 6455 section 5.2). The other values of the four bits are reserved.
enum class opcode : std::uint8_t {
  continuation = 0,  ///< More of the message that an earlier frame began.
  text = 1,          ///< A text message, or the first fragment of one.
  binary = 2,        ///< A binary message, or the first fragment of one.
  close = 8,         ///< The end of the conversation: code and reason.
  ping = 9,          ///< A question whether the peer is there.
  pong = 10,         ///< The answer to a ping.
};

/// True for the opcodes of control frames, those from 8 on (RFC 6455 section 5.5).
[[nodiscard]] constexpr bool is_control(opcode op) noexcept { return (static_cast<std::uint8_t>(op) & 8) != 0; }

/// The largest payload of a control frame (RFC 6455 section 5.5).
inline constexpr std::size_t max_control_payload = 125;

/// The largest header: two bytes, a 64-bit length and a mask key.
inline constexpr std::size_t max_frame_header = 14;

using mask_key = std::array<std::byte, 4>;

struct frame_header {
  opcode op = opcode::binary;
  bool fin = true;      ///< The last frame of its message.
  bool rsv1 = false;    ///< The message is compressed (RFC 7692 section 6).
  bool masked = false;  ///< `key` counts.
  mask_key key{};
  std::uint64_t length = 0;  ///< Bytes of payload.
};

/// Writes the header in its shortest form, at most max_frame_header bytes, and returns how many.
std::size_t encode_header(const frame_header& header, std::byte* out) noexcept;

/// How long the header is whose second byte is this one: 2 to 14 bytes.
[[nodiscard]] constexpr std::size_t header_size(std::byte second) noexcept {
  const auto bits = std::to_integer<unsigned>(second);
  const unsigned length = bits & 0x7f;
  return 2 + (length == 126 ? 2 : length == 127 ? 8 : 0) + (bits & 0x80 ? 4 : 0);
}

/// Reads a header of header_size(bytes[1]) bytes. An opcode that is reserved comes out as it stands on the wire, the
/// bits RSV2 and RSV3 are left out, and a length in more bytes than it needs is taken.
[[nodiscard]] frame_header decode_header(const std::byte* bytes) noexcept;

}  // namespace twinsocket::detail
