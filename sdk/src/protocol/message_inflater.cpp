#include "protocol/message_inflater.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace twinsocket::detail {

namespace {

constexpr std::size_t chunk_size = 64 * 1024;

// The bytes that the sender omits at the end of each message.
constexpr std::array tail{std::byte{0x00}, std::byte{0x00}, std::byte{0xff}, std::byte{0xff}};

// One block serves all connections of a thread, because each piece is copied before the next is inflated.
std::span<std::byte> chunk() {
  static thread_local buffer block;
  block.clear();
  return {block.prepare(chunk_size), chunk_size};
}

}  // namespace

message_inflater::message_inflater(const deflate_engine& engine, const deflate_terms& terms,
                                   const inflate_limits& limits) noexcept
    : engine_(engine), limits_{limits.max_message_size, std::max<std::size_t>(limits.max_ratio, 1)}, terms_(terms) {}

void message_inflater::set_limits(const inflate_limits& limits) noexcept {
  limits_ = {limits.max_message_size, std::max<std::size_t>(limits.max_ratio, 1)};
}

message_inflater::~message_inflater() {
  if (inflater_) engine_.recycle(std::move(inflater_));
}

void message_inflater::take(const event& piece) noexcept {
  if (piece.first) {
    kind_ = piece.kind;
    emitted_ = false;
    utf8_.reset();
    compressed_size_ = 0;
    size_ = 0;
  }
  pending_ = true;
  last_ = piece.last;
  at_tail_ = false;
  input_ = piece.bytes;
  compressed_size_ += piece.bytes.size();
}

std::span<const std::byte> message_inflater::unused() const noexcept {
  return pending_ && !at_tail_ ? input_ : std::span<const std::byte>();
}

void message_inflater::moved_to(const std::byte* where) noexcept {
  if (pending_ && !at_tail_) input_ = {where, input_.size()};
}

// Section 7.2.2: the omitted tail is appended after the last byte of the message. It is not needed if a block ends there
// already, that is, after a final block or if the message is empty.
inflater::status message_inflater::fill(std::span<std::byte>& room) {
  const auto found = inflater_->inflate(input_, room);
  if (found != inflater::status::input_consumed || !last_) return found;
  if (!at_tail_ && !inflater_->at_byte_boundary()) {
    at_tail_ = true;
    input_ = tail;
    return fill(room);
  }
  return inflater_->at_byte_boundary() ? found : inflater::status::corrupt;
}

event message_inflater::next() {
  if (!inflater_) inflater_ = engine_.make_inflater(terms_.window_bits);
  if (!inflater_) return refuse(close_code::internal_error, errc::system, "no memory for inflating a message");

  const std::span<std::byte> whole = chunk();
  std::span<std::byte> room = whole;
  const auto status = fill(room);
  if (status == inflater::status::corrupt)
    return refuse(close_code::invalid_payload, errc::protocol_violation,
                  "a compressed message cannot be inflated (RFC 7692 section 7.2.2)");
  pending_ = status == inflater::status::full;
  const std::span<std::byte> bytes = whole.first(whole.size() - room.size());
  const bool ends = !pending_ && last_;

  size_ += bytes.size();
  if (size_ > limits_.max_message_size)
    return refuse(close_code::message_too_big, errc::message_too_big,
                  "a message that inflates to more than " + std::to_string(limits_.max_message_size) +
                      " bytes is over the limit");
  if (size_ > ratio_exempt_size && size_ / limits_.max_ratio > compressed_size_)
    return refuse(close_code::message_too_big, errc::message_too_big,
                  std::to_string(compressed_size_) + " bytes inflate to " + std::to_string(size_) +
                      " or more; the limit is " + std::to_string(limits_.max_ratio) + " times as many");
  if (kind_ == message_kind::text && (!utf8_.feed(bytes) || (ends && !utf8_.complete())))
    return refuse(close_code::invalid_payload, errc::invalid_utf8,
                  "a text message is not valid UTF-8 (RFC 6455 section 8.1)");
  if (ends && !terms_.keeps_context) engine_.recycle(std::move(inflater_));

  event found;
  if (bytes.empty() && !ends) return found;
  found.what = event::type::piece;
  found.kind = kind_;
  found.first = !std::exchange(emitted_, true);
  found.last = ends;
  found.bytes = bytes;
  return found;
}

event message_inflater::refuse(close_code code, errc why, std::string text) {
  pending_ = false;
  inflater_.reset();
  reason_ = std::move(text);
  event found;
  found.what = event::type::violation;
  found.why = why;
  found.code = code;
  found.reason = reason_;
  return found;
}

}  // namespace twinsocket::detail
