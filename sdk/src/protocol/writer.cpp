#include "protocol/writer.hpp"

#include <algorithm>
#include <cstring>

#include "protocol/close_code.hpp"
#include "protocol/mask.hpp"

namespace twinsocket::detail {

namespace {

opcode opcode_of(message_kind kind) noexcept { return kind == message_kind::text ? opcode::text : opcode::binary; }

std::span<const std::byte> fit_control(std::span<const std::byte> payload) noexcept {
  return payload.first(std::min(payload.size(), max_control_payload));
}

}  // namespace

void writer::message(buffer& out, message_kind kind, std::span<const std::byte> payload, bool compressed) {
  if (self_ == role::client) return frame(out, {.op = opcode_of(kind), .rsv1 = compressed}, payload);
  std::byte* const begin = out.prepare(max_frame_header + payload.size());
  const std::size_t size = encode_header({.op = opcode_of(kind), .rsv1 = compressed, .length = payload.size()}, begin);
  if (!payload.empty()) std::memcpy(begin + size, payload.data(), payload.size());
  out.commit(size + payload.size());
}

void writer::header(buffer& out, message_kind kind, std::size_t payload_size) {
  std::byte* const begin = out.prepare(max_frame_header);
  out.commit(encode_header({.op = opcode_of(kind), .length = payload_size}, begin));
}

void writer::fragment(buffer& out, message_kind kind, std::span<const std::byte> payload, bool first, bool last,
                      bool compressed) {
  frame(out, {.op = first ? opcode_of(kind) : opcode::continuation, .fin = last, .rsv1 = first && compressed}, payload);
}

void writer::ping(buffer& out, std::span<const std::byte> payload) {
  frame(out, {.op = opcode::ping}, fit_control(payload));
}

void writer::pong(buffer& out, std::span<const std::byte> payload) {
  frame(out, {.op = opcode::pong}, fit_control(payload));
}

void writer::close(buffer& out, close_code code, std::string_view reason) {
  std::array<std::byte, max_control_payload> payload;
  const std::size_t size = encode_close(code, reason, payload.data());
  frame(out, {.op = opcode::close}, std::span(payload).first(size));
}

void writer::frame(buffer& out, frame_header header, std::span<const std::byte> payload) {
  header.length = payload.size();
  header.masked = self_ == role::client;
  if (header.masked) header.key = next_key();
  std::byte* const begin = out.prepare(max_frame_header + payload.size());
  const std::size_t size = encode_header(header, begin);
  if (header.masked) {
    copy_masked(begin + size, payload, header.key);
  } else if (!payload.empty()) {
    std::memcpy(begin + size, payload.data(), payload.size());
  }
  out.commit(size + payload.size());
}

mask_key writer::next_key() {
  const bool first = !keys_;
  if (first) keys_ = std::make_unique<key_block>();
  if (first || keys_->used == keys_->keys.size()) {
    random_(std::as_writable_bytes(std::span(keys_->keys)));
    keys_->used = 0;
  }
  return keys_->keys[keys_->used++];
}

}  // namespace twinsocket::detail
