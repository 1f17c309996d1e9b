#include "session/wire_session.hpp"

// The parts of a session that only permessage-deflate needs.

namespace twinsocket::detail {

// The next event, with compressed pieces inflated.
event wire_session::read_compressed() {
  if (!compression_->in.pending()) {
    const event found = read_frames();
    if (!found.compressed) return found;
    compression_->in.take(found);
  }
  const event found = compression_->in.next();
  if (found.what == event::type::violation) {
    reader_.stop();
    fail(found.code, std::string(found.reason), found.why);
  }
  return found;
}

// The bytes that are being inflated come before the unread input.
void wire_session::keep() {
  const auto inflating = compression_ ? compression_->in.unused() : std::span<const std::byte>();
  const std::size_t before = inflating.size();
  buffered_input_.append(inflating);
  buffered_input_.append(input_);
  input_ = buffered_input_.bytes().subspan(before);
  if (before > 0) compression_->in.moved_to(buffered_input_.data());
}

// False if the message has to be sent uncompressed.
bool wire_session::frame_compressed(message_kind kind, std::span<const std::byte> bytes,
                                    const prepared_frames* shared) {
  if (bytes.size() < compression_->threshold) return false;
  message_deflater& out = compression_->out;
  if (shared && !out.terms().keeps_context) {
    const compressed_frame& form = shared->compressed(out.engine(), out.terms().window_bits);
    if (form.frame.empty()) return false;
    if (self_ == role::server) {
      send_queue_.tail().append(form.frame.bytes());
    } else {
      writer_.message(send_queue_.tail(), kind, form.frame.bytes().subspan(form.header_size), true);
    }
    return true;
  }
  buffer compressed;
  if (!out.deflate(bytes, {}, compressed)) return false;
  writer_.message(send_queue_.tail(), kind, compressed.bytes(), true);
  return true;
}

void wire_session::write_fragment(message_kind kind, std::span<const std::byte> bytes, bool first, bool last,
                                  bool compress) {
  buffer compressed;
  if (compression_ &&
      compression_->out.deflate(bytes, {.first = first, .last = last, .compress = compress}, compressed)) {
    writer_.fragment(send_queue_.tail(), kind, compressed.bytes(), first, last, true);
  } else {
    writer_.fragment(send_queue_.tail(), kind, bytes, first, last);
  }
}

}  // namespace twinsocket::detail
