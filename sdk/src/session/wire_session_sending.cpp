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

errc wire_session::send(const send_request& m) {
  if (!closing_.is_open()) return errc::closed;
  if (m.bytes.size() > send_queue_bytes_) return errc::message_too_big;
  if (!make_room(m)) {
    if (m.policy() == overflow_policy::close) {
      send_queue_.drop_queued();
      if (metrics_) metrics_->dropped[static_cast<std::size_t>(drop_reason::closed)].add();
      close(close_code::try_again_later, "messages are read too slowly");
      return errc::closed;
    }
    if (m.policy() != overflow_policy::wait) count_dropped(drop_reason::newest);
    return errc::queue_full;
  }
  if (congested_ || in_fragments_ || send_queue_.has_queued()) {
    send_queue_.wait({.kind = m.kind,
                      .own = m.shared ? buffer() : buffer(m.bytes),
                      .shared = m.shared,
                      .key = m.options ? m.options->key() : std::string(),
                      .compress = m.compress()});
  } else {
    frame(m.kind, m.bytes, m.shared.get(), m.compress());
  }
  return errc::ok;
}

bool wire_session::make_room(const send_request& m) {
  const std::size_t limit = std::min(send_queue_bytes_, m.options ? m.options->queue_limit() : SIZE_MAX);
  const auto fits = [&] {
    return send_queue_.waiting() < send_queue_messages_ &&
           (send_queue_.empty() || send_queue_.size() + m.bytes.size() <= limit);
  };
  if (m.policy() == overflow_policy::latest_per_key && send_queue_.drop(m.options->key()))
    count_dropped(drop_reason::replaced);
  if (m.policy() == overflow_policy::drop_oldest) {
    while (!fits() && send_queue_.has_queued()) {
      [[maybe_unused]] const queued_message dropped = send_queue_.pop();
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
    send_queue_.tail().append(shared->server_frame());
  } else {
    writer_.message(send_queue_.tail(), kind, bytes);
  }
}

std::optional<frame_encoding> wire_session::encoding() const {
  if (self_ != role::server) return {};
  if (!compression_) return frame_encoding{};
  const message_deflater& out = compression_->out;
  if (out.terms().keeps_context) return {};
  return frame_encoding{&out.engine(), out.terms().window_bits, compression_->threshold};
}

bool wire_session::can_add(const frame_block& block, std::size_t limit) const noexcept {
  return closing_.is_open() && !congested_ && !in_fragments_ && !send_queue_.has_queued() &&
         send_queue_.size() + block.frames.size() <= std::min(limit, send_queue_bytes_);
}

void wire_session::add(const frame_block& block, std::size_t taken) {
  count_sent(block.payload, block.messages);
  if (taken == block.frames.size()) return;
  send_queue_.tail().append(block.frames.subspan(taken));
}

errc wire_session::send_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                 bool compress) {
  if (!closing_.is_open()) return errc::closed;
  // Messages that were sent earlier go first, and a fragmented message has to end before the next begins.
  if (first && (in_fragments_ || send_queue_.has_queued())) return errc::queue_full;
  if (congested_ && send_queue_.bytes().size() + bytes.size() > fragment_backlog) return errc::queue_full;
  write_fragment(kind, bytes, first, last, compress);
  in_fragments_ = !last;
  count_sent(bytes.size(), last ? 1 : 0);
  if (last && heartbeat_due_) answer_heartbeat();
  if (last) encode_queued();
  return errc::ok;
}

void wire_session::encode_queued() {
  while (!congested_ && !in_fragments_ && send_queue_.has_queued() && send_queue_.bytes().size() < refill_size) {
    const queued_message next = send_queue_.pop();
    frame(next.kind, next.bytes(), next.shared.get(), next.compress);
  }
}

void wire_session::on_written(std::size_t count) {
  send_queue_.consume(count);
  if (count > 0 || !congested_) last_write_time_ = now_;
  congested_ = !send_queue_.bytes().empty();
  encode_queued();
  if (held_pong_ && send_queue_.size() < pong_backlog) {
    if (closing_.is_open()) writer_.pong(send_queue_.tail(), held_pong_->bytes());
    held_pong_.reset();
  }
  if (heartbeat_due_ && !in_fragments_ && send_queue_.size() < pong_backlog) answer_heartbeat();
  if (stream_ended_ && send_queue_.empty()) closing_.stream_ended();
}

std::uint64_t wire_session::ping(std::span<const std::byte> payload) {
  if (!closing_.is_open()) return last_ping_;
  writer_.ping(send_queue_.tail(), ping_payload(++last_ping_, payload).bytes());
  last_ping_time_ = now_;
  return last_ping_;
}

void wire_session::answer_ping(std::span<const std::byte> payload) {
  if (closing_.current_phase() >= closing_handshake::phase::sent) return;
  if (send_queue_.size() < pong_backlog) {
    writer_.pong(send_queue_.tail(), payload);
    return;
  }
  held_pong_ = std::make_unique<buffer>(payload);
}

void wire_session::answer_heartbeat() {
  if (!closing_.is_open()) return;
  heartbeat_due_ = in_fragments_ || send_queue_.size() >= pong_backlog;
  if (!heartbeat_due_)
    writer_.message(send_queue_.tail(), message_kind::text,
                    std::as_bytes(std::span(heartbeat_text.data(), heartbeat_text.size())));
}

// Messages that were sent before close() go before the close frame, queued ones included.
void wire_session::write_close(close_code code, std::string_view reason) {
  while (send_queue_.has_queued() && !in_fragments_) {
    const queued_message next = send_queue_.pop();
    frame(next.kind, next.bytes(), next.shared.get(), next.compress);
  }
  // Only control frames may be sent inside an unfinished fragmented message.
  send_queue_.drop_queued();
  writer_.close(send_queue_.tail(), code, reason);
}

void wire_session::count_sent(std::size_t bytes, std::size_t messages) {
  last_message_time_ = now_;
  counters_.bytes_sent += bytes;
  counters_.messages_sent += messages;
  if (!metrics_) return;
  metrics_->bytes_sent.add(bytes);
  metrics_->messages_sent.add(messages);
}

void wire_session::count_dropped(drop_reason why) {
  ++counters_.dropped;
  if (metrics_) metrics_->dropped[static_cast<std::size_t>(why)].add();
}

}  // namespace twinsocket::detail
