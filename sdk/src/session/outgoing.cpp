#include "session/outgoing.hpp"

#include <algorithm>
#include <utility>

#include "attempt.hpp"
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

}  // namespace

outgoing::outgoing(role self, random_source random, const shared_limits& values, const compression_setup& compression,
                   session_metrics* metrics, time_point now)
    : writer_(self, random), limits_(values), metrics_(metrics), last_time_(now) {
  if (compression.engine)
    deflating_.reset(new deflating{{*compression.engine, compression.agreed.of(self)}, compression.threshold});
}

errc outgoing::send(const send_request& m, time_point now) {
  if (m.bytes.size() > limits_->send_queue_bytes()) return errc::message_too_big;
  if (m.options ? !make_room(m) : !fits(m.bytes.size(), limits_->send_queue_bytes())) return errc::queue_full;
  if (is_blocked() || queue_.has_queued()) {
    queue_.wait({.kind = m.kind,
                 .own = m.shared ? buffer() : buffer(m.bytes),
                 .shared = m.shared,
                 .key = m.options ? m.options->key() : std::string(),
                 .compress = m.compress()});
  } else if (deflating_ || m.shared) {
    encode(m.kind, m.bytes, m.shared.get(), m.compress(), now);
  } else {
    send_at_once(m.kind, m.bytes, now);
  }
  return errc::ok;
}

// Applies the overflow policy.
bool outgoing::make_room(const send_request& m) {
  const overflow_policy policy = m.policy();
  const std::size_t limit = std::min(limits_->send_queue_bytes(), m.options->queue_limit());
  if (policy == overflow_policy::latest_per_key && queue_.drop(m.options->key())) count_dropped(drop_reason::replaced);
  if (policy == overflow_policy::drop_oldest) {
    while (!fits(m.bytes.size(), limit) && queue_.has_queued()) {
      [[maybe_unused]] const queued_message dropped = queue_.pop();
      count_dropped(drop_reason::oldest);
    }
  }
  if (fits(m.bytes.size(), limit)) return true;
  if (policy != overflow_policy::wait && policy != overflow_policy::close) count_dropped(drop_reason::newest);
  return false;
}

void outgoing::drop_for_policy() noexcept {
  queue_.drop_queued();
  if (metrics_) metrics_->dropped[static_cast<std::size_t>(drop_reason::closed)].add();
}

void outgoing::encode(message_kind kind, std::span<const std::byte> bytes, const prepared_frames* shared, bool compress,
                      time_point now) {
  count(bytes.size(), 1, now);
  if (deflating_ && compress && encode_compressed(kind, bytes, shared)) return;
  if (shared && self() == role::server) {
    queue_.tail().append(shared->server_frame());
  } else {
    writer_.message(queue_.tail(), kind, bytes);
  }
}

// False if the message has to be sent uncompressed.
bool outgoing::encode_compressed(message_kind kind, std::span<const std::byte> bytes, const prepared_frames* shared) {
  if (bytes.size() < deflating_->threshold) return false;
  message_deflater& out = deflating_->out;
  if (shared && !out.terms().keeps_context) {
    const compressed_frame& form = shared->compressed(out.engine(), out.terms().window_bits);
    if (form.frame.empty()) return false;
    if (self() == role::server) {
      queue_.tail().append(form.frame.bytes());
    } else {
      writer_.message(queue_.tail(), kind, form.frame.bytes().subspan(form.header_size), true);
    }
    return true;
  }
  buffer compressed;
  if (!out.deflate(bytes, {}, compressed)) return false;
  writer_.message(queue_.tail(), kind, compressed.bytes(), true);
  return true;
}

errc outgoing::send_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last, bool compress,
                             time_point now) {
  // Messages that were sent earlier go first, and a fragmented message has to end before the next begins.
  if (first && ((state_ & fragments) != 0 || queue_.has_queued())) return errc::queue_full;
  if (congested() && queue_.bytes().size() + bytes.size() > fragment_backlog) return errc::queue_full;
  buffer compressed;
  const bool deflated =
      deflating_ && deflating_->out.deflate(bytes, {.first = first, .last = last, .compress = compress}, compressed);
  writer_.fragment(queue_.tail(), kind, deflated ? compressed.bytes() : bytes, first, last, deflated);
  set(fragments, !last);
  count(bytes.size(), last ? 1 : 0, now);
  if (!last) return errc::ok;
  if ((state_ & heartbeat_due) != 0) heartbeat();
  encode_queued(now);
  return errc::ok;
}

std::optional<frame_encoding> outgoing::encoding() const {
  if (self() != role::server) return {};
  if (!deflating_) return frame_encoding{};
  const message_deflater& out = deflating_->out;
  if (out.terms().keeps_context) return {};
  return frame_encoding{&out.engine(), out.terms().window_bits, deflating_->threshold};
}

void outgoing::add(const frame_block& block, std::size_t taken, time_point now) {
  count(block.payload, block.messages, now);
  if (taken == block.frames.size()) return;
  queue_.tail().append(block.frames.subspan(taken));
}

bool outgoing::keep_unsent(std::span<const std::byte> body, std::size_t taken) {
  const std::size_t head = queue_.bytes().size();
  return taken >= head + body.size() ||
         attempt([&] { queue_.tail().append(body.subspan(taken < head ? 0 : taken - head)); });
}

void outgoing::encode_oldest(time_point now) {
  const queued_message next = queue_.pop();
  encode(next.kind, next.bytes(), next.shared.get(), next.compress, now);
}

void outgoing::encode_queued(time_point now) {
  while (!is_blocked() && queue_.has_queued() && queue_.bytes().size() < refill_size) encode_oldest(now);
}

void outgoing::send_deferred(bool open, time_point now) {
  encode_queued(now);
  if ((state_ & pong_due) != 0 && queue_.size() < pong_backlog) {
    if (open) writer_.pong(queue_.tail(), held_pong_->bytes());
    held_pong_.reset();
    set(pong_due, false);
  }
  if ((state_ & heartbeat_due) != 0 && open) heartbeat();
}

void outgoing::pong(std::span<const std::byte> payload) {
  if (queue_.size() < pong_backlog) {
    writer_.pong(queue_.tail(), payload);
    return;
  }
  held_pong_ = std::make_unique<buffer>(payload);
  set(pong_due, true);
}

void outgoing::heartbeat() {
  const bool wait = (state_ & fragments) != 0 || queue_.size() >= pong_backlog;
  set(heartbeat_due, wait);
  if (!wait) writer_.message(queue_.tail(), message_kind::text, text_bytes(heartbeat_text));
}

void outgoing::close(close_code code, std::string_view reason, time_point now) {
  while (queue_.has_queued() && (state_ & fragments) == 0) encode_oldest(now);
  // Only control frames may be sent inside an unfinished fragmented message.
  queue_.drop_queued();
  writer_.close(queue_.tail(), code, reason);
}

void outgoing::count(std::size_t bytes, std::size_t messages, time_point now) noexcept {
  last_time_ = now;
  bytes_ += bytes;
  messages_ += messages;
  if (!metrics_) return;
  metrics_->bytes_sent.add(bytes);
  metrics_->messages_sent.add(messages);
}

void outgoing::count_dropped(drop_reason why) noexcept {
  ++dropped_;
  if (metrics_) metrics_->dropped[static_cast<std::size_t>(why)].add();
}

}  // namespace twinsocket::detail
