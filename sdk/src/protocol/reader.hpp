#pragma once

// Bytes of the wire in, events out: the receiving half of RFC 6455 as a state machine. It copies no payload but that of
// a control frame which the input cuts, and allocates for nothing else than that and the text of its last event.

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>
#include <string_view>

#include "protocol/frame.hpp"
#include "protocol/utf8.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::detail {

struct reader_options {
  role self;                      ///< This side; the frames that are read are the other's.
  std::size_t max_message;        ///< Bytes of a message's payload as it is on the wire.
  std::size_t max_fragments;      ///< Frames of one message.
  std::size_t max_frame = SIZE_MAX;  ///< Bytes of a frame's payload.
  bool allow_compressed = false;  ///< permessage-deflate was agreed on (RFC 7692): RSV1 may begin a message.
};

/// What the reader found. `bytes` lie in the input, or for a control frame that was cut in the reader: they may be read
/// and written until next() is called again or the input's memory is used anew. `reason` likewise, except that the one
/// of a close or a violation, which are a reader's last events, stays as long as the reader. It is a view and not a
/// string so that the events of data need not construct one.
struct event {
  enum class type : std::uint8_t {
    more,       ///< The input is used up.
    piece,      ///< Bytes of a message.
    ping,       ///< A ping with its payload, to be sent back in a pong (RFC 6455 section 5.5.3).
    pong,       ///< A pong with its payload.
    close,      ///< The peer's close frame: code and reason.
    violation,  ///< The peer broke a rule: close with this code and reason.
  };

  type what = type::more;
  message_kind kind = message_kind::text;   ///< piece: of its message.
  bool first = false;                       ///< piece: the message's first.
  bool last = false;                        ///< piece: the message's last; it is complete.
  bool compressed = false;                  ///< piece: of a message that is still to be inflated.
  errc why = errc::ok;                      ///< violation: what to tell the user of this side.
  close_code code = close_code::no_status;  ///< close: the peer's. violation: the one to close with.
  std::span<std::byte> bytes;               ///< piece, ping, pong: unmasked payload.
  std::string_view reason;                  ///< close: the peer's. violation: the rule, fit for a close frame.
};

/// Reads the frames of one connection. An inflater for RFC 7692 stands behind it: it takes the pieces whose
/// `compressed` is set, checks the UTF-8 of what it inflates (the reader checks that of plain text only), and counts the
/// message limit over the inflated bytes.
class reader {
 public:
  explicit reader(const reader_options& options) noexcept;

  /// Takes bytes from the front of `input`, which is left with the rest, until there is something to tell. `more` comes
  /// only when the input is empty. Payloads are unmasked where they are in the input. A frame that the input holds
  /// completely gives one piece, one that it cuts a piece per input; an empty frame gives a piece only when it is the
  /// message's last. After a close or a violation all input is swallowed.
  [[nodiscard]] event next(std::span<std::byte>& input) noexcept;

  /// What a message and a frame may be from the next frame on.
  void set_limits(std::size_t max_message, std::size_t max_fragments, std::size_t max_frame) noexcept {
    options_.max_message = max_message;
    options_.max_fragments = max_fragments;
    options_.max_frame = max_frame;
  }
  [[nodiscard]] const reader_options& options() const noexcept { return options_; }

  /// Swallows all input from now on: the conversation has failed for a reason that is not the reader's.
  void stop() noexcept { state_ = state::finished; }

  /// True within a message, between its frames too, and within a control frame: its first byte has come, its last has not.
  [[nodiscard]] bool is_inside() const noexcept {
    return state_ != state::finished && (in_message_ || held_size_ > 0 || state_ == state::control);
  }
  /// True within a message.
  [[nodiscard]] bool is_in_message() const noexcept { return in_message_; }
  /// Bytes that have come of the payload of the message under way, as it is on the wire.
  [[nodiscard]] std::uint64_t arrived() const noexcept {
    if (!in_message_) return 0;
    return message_size_ - (state_ == state::data ? frame_.length - taken_ : 0);
  }
  /// Counts, modulo 2^32, the messages and the control frames outside of messages that have ended.
  [[nodiscard]] std::uint32_t completed() const noexcept { return completed_; }

 private:
  using control_payload = std::array<std::byte, max_control_payload>;
  enum class state : std::uint8_t { header, data, control, finished };

  // These return true to go on reading, and false when `found` is to be told.
  bool take_header(std::span<std::byte>& input, event& found) noexcept;
  bool begin_frame(std::span<const std::byte> header, event& found) noexcept;
  bool begin_data(event& found) noexcept;
  bool take_data(std::span<std::byte>& input, event& found) noexcept;
  bool take_control(std::span<std::byte>& input, event& found) noexcept;
  bool end_conversation(std::span<const std::byte> payload, event& found) noexcept;
  bool allow_start(std::byte first, std::byte second, event& found) noexcept;
  bool refuse(event& found, close_code code, errc why, std::initializer_list<std::string_view> text) noexcept;
  bool refuse(event& found, std::string_view rule) noexcept;
  control_payload& held() noexcept;
  std::string_view keep(std::initializer_list<std::string_view> text) noexcept;

  reader_options options_;
  state state_ = state::header;
  // The message that is under way.
  bool in_message_ = false;
  bool compressed_ = false;
  bool told_ = false;  // A piece of it was given.
  message_kind kind_ = message_kind::text;
  utf8_validator utf8_;
  std::uint64_t message_size_ = 0;
  std::size_t fragments_ = 0;
  std::uint32_t completed_ = 0;
  // The frame that is under way.
  frame_header frame_;
  std::uint64_t taken_ = 0;
  // A header or a control payload of which the input has brought the first bytes.
  std::size_t held_size_ = 0;
  std::array<std::byte, max_frame_header> cut_header_;
  std::unique_ptr<control_payload> held_;  // Or the text of the last event.
};

}  // namespace twinsocket::detail
