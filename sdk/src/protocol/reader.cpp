#include "protocol/reader.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

#include "protocol/close_code.hpp"
#include "protocol/known_utf8.hpp"
#include "protocol/mask.hpp"

namespace twinsocket::detail {

namespace {

std::span<std::byte> take(std::span<std::byte>& input, std::size_t size) noexcept {
  const auto front = input.first(size);
  input = input.subspan(size);
  return front;
}

// Compression can enlarge a message: by a few bytes for each block and for each flushed fragment. The inflated size is
// limited by inflating.
std::size_t compressed_limit(std::size_t max_message_size) noexcept {
  const std::size_t more = max_message_size / 4 + (std::size_t{1} << 20);
  return max_message_size > SIZE_MAX - more ? SIZE_MAX : max_message_size + more;
}

// An empty buffer with room for this many bytes.
buffer empty_buffer(std::size_t room) {
  std::size_t capacity = 0;
  std::byte* const block = room == 0 ? nullptr : acquire_block(room, capacity);
  return {block, 0, capacity};
}

// A number in decimal, valid until the end of the full expression.
class decimal {
 public:
  explicit decimal(std::uint64_t number) noexcept
      : size_(static_cast<std::size_t>(std::to_chars(digits_, digits_ + sizeof digits_, number).ptr - digits_)) {}
  operator std::string_view() const noexcept { return {digits_, size_}; }

 private:
  char digits_[20];
  std::size_t size_;
};

}  // namespace

bool reader::take_message(std::span<std::byte>& input, message& out) {
  if (state_ != state::between || input.size() < 2) return false;
  const std::byte* const at = input.data();
  // FIN is set, the reserved bits are not, and the opcode is text (1) or binary (2).
  const unsigned type = std::to_integer<unsigned>(at[0]) - 0x81;
  // With the wrong mask bit the length is above 127.
  const bool masked = self_ == role::server;
  std::uint64_t length = std::to_integer<unsigned>(at[1]) ^ (masked ? 0x80 : 0);
  std::size_t header = masked ? 6 : 2;
  if (type > 1 || length > 127) return false;
  if (length > 125) {
    header = header_size(at[1]);
    if (input.size() < header) return false;
    const std::uint64_t shorter = length == 126 ? 125 : 0xffff;
    length = decode_header(at).length;
    if (length <= shorter) return false;
  }
  if (input.size() < header || input.size() - header < length || length >= limits_.too_long()) return false;

  const std::span<const std::byte> bytes(at + header, static_cast<std::size_t>(length));
  const message_kind kind = type == 0 ? message_kind::text : message_kind::binary;
  if (masked) {
    mask_key key;
    std::memcpy(key.data(), at + header - key.size(), key.size());
    buffer payload = empty_buffer(bytes.size());
    copy_masked(payload.data(), bytes, key);
    payload.commit(bytes.size());
    if (kind == message_kind::text && !is_valid_utf8(payload.bytes())) return false;
    out = message(kind, std::move(payload));
  } else {
    if (kind == message_kind::text && !is_valid_utf8(bytes)) return false;
    out = message(kind, bytes);
  }
  known_utf8::set(out);
  input = input.subspan(header + bytes.size());
  ++completed_;
  return true;
}

event reader::next(std::span<std::byte>& input) {
  event found;
  for (bool go_on = true; go_on;) {
    switch (state_) {
      case state::between:
      case state::header: go_on = take_header(input, found); break;
      case state::data: go_on = take_data(input, found); break;
      case state::control: go_on = take_control(input, found); break;
      case state::finished: input = input.last(0); go_on = false;
    }
  }
  return found;
}

bool reader::take_header(std::span<std::byte>& input, event& found) {
  if (held_size_ == 0 && input.size() >= 2 && input.size() >= header_size(input[1]))
    return begin_frame(take(input, header_size(input[1])), found);

  // The header is split across inputs. Its first two bytes determine its size, and are validated as soon as they are
  // there.
  if (input.empty()) return false;
  control_payload& header = held();
  for (;;) {
    const std::size_t size = held_size_ < 2 ? 2 : header_size(header[1]);
    const std::size_t here = std::min<std::size_t>(size - held_size_, input.size());
    state_ = state::header;
    if (here > 0) std::memcpy(header.data() + held_size_, take(input, here).data(), here);
    held_size_ += static_cast<std::uint8_t>(here);
    if (held_size_ < size) return false;
    if (size == header_size(header[1])) break;
    if (!validate_header_start(header[0], header[1], found)) return false;
  }
  return begin_frame(std::span(header).first(std::exchange(held_size_, std::uint8_t{0})), found);
}

bool reader::begin_frame(std::span<const std::byte> header, event& found) {
  if (!validate_header_start(header[0], header[1], found)) return false;
  frame_ = decode_header(header.data());
  taken_ = 0;
  if (is_control(frame_.op)) {
    state_ = state::control;
    return true;
  }
  const unsigned form = std::to_integer<unsigned>(header[1]) & 0x7f;
  if (form == 127 && frame_.length >> 63)
    return refuse(found, "the top bit of a 64-bit length must be 0 (RFC 6455 section 5.2)");
  if ((form == 126 && frame_.length < 126) || (form == 127 && frame_.length <= 0xffff))
    return refuse(found, "a length must be in as few bytes as hold it (RFC 6455 section 5.2)");
  return begin_data(found);
}

// Validates the first two bytes of a header in the current state.
bool reader::validate_header_start(std::byte first, std::byte second, event& found) {
  const auto op = static_cast<opcode>(first & std::byte{0x0f});
  const bool fin = (first & std::byte{0x80}) != std::byte{};
  const bool masked = (second & std::byte{0x80}) != std::byte{};
  const bool rsv1 = (first & std::byte{0x40}) != std::byte{};
  if ((first & std::byte{0x30}) != std::byte{} || (rsv1 && !allow_compressed_))
    return refuse(found, "a reserved bit is set and no extension gives it a meaning (RFC 6455 section 5.2)");
  if (masked != (self_ == role::server))
    return refuse(found, masked ? "server frames must not be masked (RFC 6455 section 5.1)"
                                : "client frames must be masked (RFC 6455 section 5.1)");
  switch (op) {
    case opcode::text:
    case opcode::binary:
      if (!in_message_) return true;
      return refuse(found, "a new message may not begin within a fragmented one (RFC 6455 section 5.4)");
    case opcode::continuation:
      if (!in_message_) return refuse(found, "a continuation frame has no message to continue (RFC 6455 section 5.4)");
      if (rsv1)
        return refuse(found, "only a message's first frame may say that it is compressed (RFC 7692 section 6.1)");
      return true;
    case opcode::close:
    case opcode::ping:
    case opcode::pong:
      if (rsv1) return refuse(found, "control frames may not be compressed (RFC 7692 section 6.1)");
      if (!fin) return refuse(found, "control frames may not be fragmented (RFC 6455 section 5.5)");
      if ((second & std::byte{0x7f}) > std::byte{max_control_payload})
        return refuse(found, "control frames carry at most 125 bytes (RFC 6455 section 5.5)");
      return true;
  }
  return refuse(found, close_code::protocol_error, errc::protocol_violation,
                {"opcode ", decimal(static_cast<unsigned>(op)), " is reserved (RFC 6455 section 5.2)"});
}

bool reader::begin_data(event& found) {
  if (frame_.op != opcode::continuation) {
    in_message_ = true;
    emitted_ = false;
    kind_ = frame_.op == opcode::text ? message_kind::text : message_kind::binary;
    compressed_ = frame_.rsv1;
    message_size_ = 0;
    fragments_ = 0;
  }
  // Checked on the header, before any payload has to be buffered.
  if (frame_.length > limits_->max_frame_size())
    return refuse(found, close_code::message_too_big, errc::message_too_big,
                  {"a frame of ", decimal(frame_.length), " bytes is over the limit of ",
                   decimal(limits_->max_frame_size()), " bytes"});
  message_size_ += frame_.length;
  const std::size_t most = limits_->max_message_size();
  if (message_size_ > most && !(compressed_ && message_size_ <= compressed_limit(most)))
    return refuse(found, close_code::message_too_big, errc::message_too_big,
                  {"a message of ", frame_.fin ? "" : "at least ", decimal(message_size_),
                   " bytes is over the limit of ", decimal(most), " bytes"});
  if (++fragments_ > limits_->max_fragments())
    return refuse(found, close_code::policy_violation, errc::too_many_fragments,
                  {"a message of more than ", decimal(limits_->max_fragments()), " fragments is over the limit"});
  state_ = state::data;
  return true;
}

bool reader::take_data(std::span<std::byte>& input, event& found) {
  const std::uint64_t due = frame_.length - taken_;
  if (due > 0 && input.empty()) return false;
  const auto bytes = take(input, due < input.size() ? static_cast<std::size_t>(due) : input.size());
  if (frame_.masked) apply_mask(bytes, frame_.key, static_cast<std::size_t>(taken_ & 3));
  taken_ += bytes.size();

  const bool frame_ends = bytes.size() == due;
  const bool last = frame_ends && frame_.fin;
  if (kind_ == message_kind::text && !compressed_ && (!utf8_.feed(bytes) || (last && !utf8_.complete())))
    return refuse(found, close_code::invalid_payload, errc::invalid_utf8,
                  {"a text message is not valid UTF-8 (RFC 6455 section 8.1)"});
  if (frame_ends) state_ = last ? state::between : state::header;
  if (bytes.empty() && !last) return true;

  found.what = event::type::piece;
  found.kind = kind_;
  found.first = !std::exchange(emitted_, true);
  found.last = last;
  found.compressed = compressed_;
  found.bytes = bytes;
  if (last) {
    in_message_ = false;
    ++completed_;
  }
  return false;
}

bool reader::take_control(std::span<std::byte>& input, event& found) {
  const auto size = static_cast<std::size_t>(frame_.length);
  std::span<std::byte> payload;
  if (held_size_ == 0 && input.size() >= size) {
    payload = take(input, size);
  } else {
    const std::size_t here = std::min<std::size_t>(size - held_size_, input.size());
    if (here > 0) std::memcpy(held().data() + held_size_, take(input, here).data(), here);
    held_size_ += static_cast<std::uint8_t>(here);
    if (held_size_ < size) return false;
    payload = std::span(held()).first(std::exchange(held_size_, std::uint8_t{0}));
  }
  if (frame_.masked) apply_mask(payload, frame_.key);
  state_ = in_message_ ? state::header : state::between;
  if (!in_message_) ++completed_;

  if (frame_.op != opcode::close) {
    found.what = frame_.op == opcode::ping ? event::type::ping : event::type::pong;
    found.bytes = payload;
    return false;
  }
  return parse_close_frame(payload, found);
}

bool reader::parse_close_frame(std::span<const std::byte> payload, event& found) {
  const parsed_close parsed = parse_close(payload);
  switch (parsed.why) {
    case errc::ok: break;
    case errc::invalid_close_code:
      return refuse(
          found, close_code::protocol_error, errc::protocol_violation,
          {"close code ", decimal(static_cast<std::uint16_t>(parsed.code)), " may not be sent (RFC 6455 section 7.4)"});
    case errc::invalid_utf8:
      return refuse(found, close_code::invalid_payload, errc::invalid_utf8,
                    {"the close reason is not valid UTF-8 (RFC 6455 section 5.5.1)"});
    default: return refuse(found, "one byte is too short for a close code (RFC 6455 section 5.5.1)");
  }
  found.what = event::type::close;
  found.code = parsed.code;
  found.reason = keep({parsed.reason});
  state_ = state::finished;
  return false;
}

bool reader::refuse(event& found, std::string_view rule) {
  return refuse(found, close_code::protocol_error, errc::protocol_violation, {rule});
}

bool reader::refuse(event& found, close_code code, errc why, std::initializer_list<std::string_view> text) {
  found.what = event::type::violation;
  found.code = code;
  found.why = why;
  found.reason = keep(text);
  state_ = state::finished;
  return false;
}

// Allocated on first use, because most readers never need it.
reader::control_payload& reader::held() {
  if (!held_) held_ = std::make_unique<control_payload>();
  return *held_;
}

// Stores the text of the last event in held_, which no frame needs any more.
std::string_view reader::keep(std::initializer_list<std::string_view> text) {
  std::size_t size = 0;
  for (const std::string_view part : text) {
    const std::size_t fits = std::min(part.size(), max_close_reason - size);
    if (fits > 0) std::memmove(held().data() + size, part.data(), fits);
    size += fits;
  }
  return {reinterpret_cast<const char*>(held().data()), size};
}

}  // namespace twinsocket::detail
