#include "session/wire_session.hpp"

// Sending: messages become frames, messages without room are queued, and control frames are interleaved.

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "session/application_heartbeat.hpp"

namespace twinsocket::detail {

namespace {

// From this many unwritten bytes on, only the last ping is answered, as RFC 6455 section 5.5.3 permits. So pings of a
// peer that does not read cannot fill the memory.
constexpr std::size_t pong_backlog = 64 * 1024;

// Queued messages are encoded up to this many bytes at a time. The overflow policy can still drop the rest.
constexpr std::size_t refill_size = 64 * 1024;

// With more unwritten bytes than this, a fragment has to wait.
constexpr std::size_t fragment_backlog = 256 * 1024;

// The number of the ping, by which its pong is recognized, followed by the sender's payload.
class ping_payload {
 public:
  ping_payload(std::uint64_t number, std::span<const std::byte> more) noexcept : size_(sizeof number + more.size()) {
    std::memcpy(bytes_.data(), &number, sizeof number);
    if (!more.empty()) std::memcpy(bytes_.data() + sizeof number, more.data(), more.size());
  }
  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return std::span(bytes_).first(size_); }

 private:
  std::array<std::byte, max_control_payload> bytes_;
  std::size_t size_;
};

}  // namespace

errc wire_session::send(const outgoing& m) {
  if (!closing_.is_open()) return errc::closed;
  if (m.bytes.size() > outbound_bytes_) return errc::message_too_big;
  if (!make_room(m)) {
    if (m.policy() == when_full::close) {
      outbound_.drop_waiting();
      if (totals_) totals_->dropped[static_cast<std::size_t>(drop_reason::closed)].add();
      close(close_code::try_again_later, "messages are read too slowly");
      return errc::closed;
    }
    if (m.policy() != when_full::wait) count_dropped(drop_reason::newest);
    return errc::queue_full;
  }
  if (congested_ || in_fragments_ || outbound_.has_waiting()) {
    outbound_.wait({.kind = m.kind,
                    .own = m.shared ? buffer() : buffer(m.bytes),
                    .shared = m.shared,
                    .key = m.options ? m.options->key() : std::string(),
                    .compress = m.compress()});
  } else {
    frame(m.kind, m.bytes, m.shared.get(), m.compress());
  }
  return errc::ok;
}

bool wire_session::make_room(const outgoing& m) {
  const std::size_t limit = std::min(outbound_bytes_, m.options ? m.options->queue_limit() : SIZE_MAX);
  const auto fits = [&] {
    return outbound_.waiting() < outbound_messages_ &&
           (outbound_.empty() || outbound_.size() + m.bytes.size() <= limit);
  };
  if (m.policy() == when_full::latest_per_key && outbound_.drop(m.options->key()))
    count_dropped(drop_reason::replaced);
  if (m.policy() == when_full::drop_oldest) {
    while (!fits() && outbound_.has_waiting()) {
      [[maybe_unused]] const waiting_message dropped = outbound_.pop();
      count_dropped(drop_reason::oldest);
    }
  }
  return fits();
}

void wire_session::frame(message_kind kind, std::span<const std::byte> bytes, const prepared_frames* shared,
                         bool compress) {
  count_sent(bytes.size(), 1);
  if (compression_ && compress && frame_compressed(kind, bytes, shared)) return;
  if (shared && self_ == role::server) {
    outbound_.tail().append(shared->server_frame());
  } else {
    writer_.message(outbound_.tail(), kind, bytes);
  }
}

std::optional<frame_form> wire_session::form() const {
  if (self_ != role::server) return {};
  if (!compression_) return frame_form{};
  const deflating& out = compression_->out;
  if (out.terms().keeps_context) return {};
  return frame_form{&out.engine(), out.terms().window_bits, compression_->threshold};
}

bool wire_session::takes(const frame_block& block, std::size_t limit) const noexcept {
  return closing_.is_open() && !congested_ && !in_fragments_ && !outbound_.has_waiting() &&
         outbound_.size() + block.frames.size() <= std::min(limit, outbound_bytes_);
}

void wire_session::add(const frame_block& block, std::size_t taken) {
  count_sent(block.payload, block.messages);
  if (taken == block.frames.size()) return;
  outbound_.tail().append(block.frames.subspan(taken));
}

errc wire_session::send_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                 bool compress) {
  if (!closing_.is_open()) return errc::closed;
  // Messages that were sent earlier go first, and a fragmented message has to end before the next begins.
  if (first && (in_fragments_ || outbound_.has_waiting())) return errc::queue_full;
  if (congested_ && outbound_.bytes().size() + bytes.size() > fragment_backlog) return errc::queue_full;
  write_fragment(kind, bytes, first, last, compress);
  in_fragments_ = !last;
  count_sent(bytes.size(), last ? 1 : 0);
  if (last && heartbeat_is_held_) answer_heartbeat();
  if (last) refill();
  return errc::ok;
}

void wire_session::refill() {
  while (!congested_ && !in_fragments_ && outbound_.has_waiting() && outbound_.bytes().size() < refill_size) {
    const waiting_message next = outbound_.pop();
    frame(next.kind, next.bytes(), next.shared.get(), next.compress);
  }
}

void wire_session::wrote(std::size_t count) {
  outbound_.taken(count);
  if (count > 0 || !congested_) moved_ = now_;
  congested_ = !outbound_.bytes().empty();
  refill();
  if (held_pong_ && outbound_.size() < pong_backlog) {
    if (closing_.is_open()) writer_.pong(outbound_.tail(), held_pong_->bytes());
    held_pong_.reset();
  }
  if (heartbeat_is_held_ && !in_fragments_ && outbound_.size() < pong_backlog) answer_heartbeat();
  if (stream_over_ && outbound_.empty()) closing_.stream_ended();
}

std::uint64_t wire_session::ping(std::span<const std::byte> payload) {
  if (!closing_.is_open()) return last_ping_;
  writer_.ping(outbound_.tail(), ping_payload(++last_ping_, payload).bytes());
  pinged_ = now_;
  return last_ping_;
}

void wire_session::answer_ping(std::span<const std::byte> payload) {
  if (closing_.now_in() >= closing::phase::sent) return;
  if (outbound_.size() < pong_backlog) {
    writer_.pong(outbound_.tail(), payload);
    return;
  }
  held_pong_ = std::make_unique<buffer>(payload);
}

void wire_session::answer_heartbeat() {
  if (!closing_.is_open()) return;
  heartbeat_is_held_ = in_fragments_ || outbound_.size() >= pong_backlog;
  if (!heartbeat_is_held_)
    writer_.message(outbound_.tail(), message_kind::text, std::as_bytes(std::span(heartbeat_text.data(), heartbeat_text.size())));
}

// Messages that were sent before close() go before the close frame, queued ones included.
void wire_session::write_close(close_code code, std::string_view reason) {
  while (outbound_.has_waiting() && !in_fragments_) {
    const waiting_message next = outbound_.pop();
    frame(next.kind, next.bytes(), next.shared.get(), next.compress);
  }
  // Only control frames may be sent inside an unfinished fragmented message.
  outbound_.drop_waiting();
  writer_.close(outbound_.tail(), code, reason);
}

void wire_session::count_sent(std::size_t bytes, std::size_t messages) {
  used_ = now_;
  counted_.bytes_sent += bytes;
  counted_.messages_sent += messages;
  if (!totals_) return;
  totals_->bytes_sent.add(bytes);
  totals_->messages_sent.add(messages);
}

void wire_session::count_dropped(drop_reason why) {
  ++counted_.dropped;
  if (totals_) totals_->dropped[static_cast<std::size_t>(why)].add();
}

}  // namespace twinsocket::detail
