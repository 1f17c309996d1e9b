#pragma once

// The receiving half of RFC 6455 as a state machine: bytes in, events out. It copies only a header, and the payload of a
// control frame, that is split across inputs, and allocates only for that and for the text of its last event.

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

#include "protocol/frame.hpp"
#include "protocol/shared_limits.hpp"
#include "protocol/utf8.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/detail/buffer.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

struct reader_options {
  role self;                      ///< This endpoint's role. The frames come from the other role.
  shared_limits limits;           ///< max_message_size applies to the payload bytes of a message on the wire.
  bool allow_compressed = false;  ///< permessage-deflate was negotiated (RFC 7692): a message may begin with RSV1 set.
};

/// An event of the reader. `bytes` point into the input, or into the reader for a control frame that was split. They may
/// be read and written until next() is called again or the input is reused. The same holds for `reason`, except that the
/// reason of a close or violation, which are last events, is valid as long as the reader. It is a view so that data
/// events need not construct a string.
struct event {
  enum class type : std::uint8_t {
    more,   ///< All input was consumed.
    piece,  ///< Bytes of a message.
    ping,   ///< A ping. Its payload has to be returned in a pong (RFC 6455 section 5.5.3).
    pong,
    close,      ///< The peer's close frame: code and reason.
    violation,  ///< The peer violated the protocol: close with this code and reason.
  };

  type what = type::more;
  message_kind kind = message_kind::text;   ///< piece: of its message.
  bool first = false;                       ///< piece: the first of its message.
  bool last = false;                        ///< piece: the last of its message, which is complete now.
  bool compressed = false;                  ///< piece: of a compressed message, to be inflated.
  errc why = errc::ok;                      ///< violation: the error for the application.
  close_code code = close_code::no_status;  ///< close: the peer's. violation: the code to close with.
  std::span<std::byte> bytes;               ///< piece, ping, pong: unmasked payload.
  std::string_view reason;                  ///< close: the peer's. violation: a text that fits in a close frame.
};

/// Reads the frames of one connection. Pieces with `compressed` set have to be passed to an inflater (RFC 7692), which
/// validates their UTF-8 (the reader does so for uncompressed text only) and applies the message limit to the inflated
/// bytes.
class reader {
 public:
  explicit reader(const reader_options& options) noexcept
      : limits_(options.limits), self_(options.self), allow_compressed_(options.allow_compressed) {}

  /// Consumes bytes from the front of `input`, which is advanced, until there is an event. `more` is returned only when
  /// the input is empty. Payloads are unmasked in place. A frame that is complete in the input yields one piece, a split
  /// frame one piece for each input, and an empty frame a piece only if it is the last of its message. After a close or a
  /// violation all input is discarded.
  [[nodiscard]] event next(std::span<std::byte>& input);

  /// The common case: if the input begins with a valid message in one uncompressed frame, consumes it. Otherwise returns
  /// false, changes nothing and leaves the input to next().
  [[nodiscard]] bool take_message(std::span<std::byte>& input, message& out);

  /// Changes the limits from the next frame on.
  void set_limits(const shared_limits& values) noexcept { limits_ = values; }
  [[nodiscard]] const shared_limits& current_limits() const noexcept { return limits_; }

  /// Discards all input from now on, because the connection failed for a reason outside the reader.
  void stop() noexcept { state_ = state::finished; }

  /// True inside a message, also between its frames, and inside a control frame: the first byte has arrived and the last
  /// has not.
  [[nodiscard]] bool is_inside() const noexcept { return state_ != state::between && state_ != state::finished; }
  [[nodiscard]] bool is_in_message() const noexcept { return in_message_; }
  /// Payload bytes of the current message that have arrived, as on the wire.
  [[nodiscard]] std::uint64_t payload_received() const noexcept {
    if (!in_message_) return 0;
    return message_size_ - (state_ == state::data ? frame_.length - taken_ : 0);
  }
  /// The number, modulo 2^32, of completed messages and control frames outside messages.
  [[nodiscard]] std::uint32_t completed() const noexcept { return completed_; }

 private:
  using control_payload = std::array<std::byte, max_control_payload>;
  enum class state : std::uint8_t {
    between,  // Outside messages, and no byte of a frame has arrived.
    header,   // Inside a message, or inside a header.
    data,
    control,
    finished,
  };

  // These return true to read on, and false when `found` is to be returned.
  bool take_header(std::span<std::byte>& input, event& found);
  bool begin_frame(std::span<const std::byte> header, event& found);
  bool begin_data(event& found);
  bool take_data(std::span<std::byte>& input, event& found);
  bool take_control(std::span<std::byte>& input, event& found);
  bool parse_close_frame(std::span<const std::byte> payload, event& found);
  bool validate_header_start(std::byte first, std::byte second, event& found);
  bool refuse(event& found, close_code code, errc why, std::initializer_list<std::string_view> text);
  bool refuse(event& found, std::string_view rule);
  control_payload& held();
  std::string_view keep(std::initializer_list<std::string_view> text);

  // take_message() uses only these, so that most messages touch no more.
  shared_limits limits_;
  role self_;
  bool allow_compressed_;
  state state_ = state::between;
  std::uint8_t held_size_ = 0;  // Bytes in held_.
  std::uint32_t completed_ = 0;
  // The current message.
  bool in_message_ = false;
  bool compressed_ = false;
  bool emitted_ = false;  // A piece of it was returned.
  message_kind kind_ = message_kind::text;
  utf8_validator utf8_;
  std::uint64_t message_size_ = 0;
  std::size_t fragments_ = 0;
  // The current frame.
  frame_header frame_;
  std::uint64_t taken_ = 0;
  // The first bytes of a header or a control payload that is split across inputs, or the text of the last event.
  std::unique_ptr<control_payload> held_;
};

}  // namespace twinsocket::detail
