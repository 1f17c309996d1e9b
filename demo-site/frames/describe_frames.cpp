#include "demo-site/frames/describe_frames.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "protocol/writer.hpp"

namespace demo {

using twinsocket::detail::frame_header;
using twinsocket::detail::opcode;

namespace {

std::string hex(std::span<const std::byte> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const std::byte one : bytes) {
    const auto value = std::to_integer<unsigned>(one);
    if (!text.empty()) text += ' ';
    text += digits[value >> 4];
    text += digits[value & 15];
  }
  return text;
}

std::string_view name_of(opcode op) {
  switch (op) {
    case opcode::continuation: return "continuation: a further fragment";
    case opcode::text: return "a text message";
    case opcode::binary: return "a binary message";
    case opcode::close: return "close";
    case opcode::ping: return "ping";
    case opcode::pong: return "pong";
  }
  return "reserved";
}

/// Adds the fields of a frame one after the other.
class field_list {
 public:
  void add(std::string name, std::size_t bits, std::string value, std::string meaning) {
    fields_.push_back({std::move(name), next_, static_cast<std::uint32_t>(bits), std::move(value), std::move(meaning)});
    next_ += static_cast<std::uint32_t>(bits);
  }
  [[nodiscard]] std::vector<frame_field> take() { return std::move(fields_); }

 private:
  std::vector<frame_field> fields_;
  std::uint32_t next_ = 0;
};

std::string bit(bool set) { return set ? "1" : "0"; }

std::string bytes_text(std::uint64_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

void add_length(field_list& to, const frame_header& header, std::byte second) {
  const auto length = std::to_integer<unsigned>(second) & 0x7f;
  if (length < 126) {
    to.add("Payload length", 7, std::to_string(length), bytes_text(length));
    return;
  }
  const std::size_t extended = length == 126 ? 16 : 64;
  to.add("Payload length", 7, std::to_string(length), "the next " + std::to_string(extended / 8) + " bytes have it");
  to.add("Extended payload length", extended, std::to_string(header.length), bytes_text(header.length));
}

void add_payload(field_list& to, const frame_header& header, std::span<const std::byte> payload) {
  if (payload.empty()) return;
  if (!header.masked) {
    to.add("Payload", 8 * payload.size(), hex(payload), header.rsv1 ? "compressed" : "as it is");
    return;
  }
  std::vector<std::byte> plain(payload.begin(), payload.end());
  for (std::size_t i = 0; i < plain.size(); ++i) plain[i] ^= header.key[i % header.key.size()];
  to.add("Masked payload", 8 * payload.size(), hex(payload),
         std::string(header.rsv1 ? "unmasked, still compressed: " : "unmasked: ") + hex(plain));
}

frame_description describe(const frame_header& header, std::span<const std::byte> frame, std::size_t header_size) {
  field_list fields;
  fields.add("FIN", 1, bit(header.fin), header.fin ? "the last frame of the message" : "more fragments follow");
  fields.add("RSV1", 1, bit(header.rsv1), header.rsv1 ? "the message is compressed (RFC 7692)" : "not compressed");
  fields.add("RSV2, RSV3", 2, "0 0", "reserved");
  fields.add("Opcode", 4, std::to_string(static_cast<unsigned>(header.op)), std::string(name_of(header.op)));
  fields.add("MASK", 1, bit(header.masked),
             header.masked ? "masked: a client masks each frame" : "not masked: a server masks none");
  add_length(fields, header, frame[1]);
  if (header.masked) fields.add("Masking key", 32, hex(header.key), "random, a new one for each frame");
  add_payload(fields, header, frame.subspan(header_size));
  return {hex(frame), fields.take()};
}

}  // namespace

twinsocket::detail::buffer write_frames(const frame_options& options, std::span<const std::byte> payload,
                                        twinsocket::detail::random_source random) {
  twinsocket::detail::buffer out;
  twinsocket::detail::writer to(options.sender, random);
  if (options.fragment_size == 0) {
    to.message(out, options.kind, payload, options.compressed);
    return out;
  }
  bool first = true;
  do {
    const std::size_t size = std::min(options.fragment_size, payload.size());
    to.fragment(out, options.kind, payload.first(size), first, size == payload.size(), options.compressed);
    payload = payload.subspan(size);
    first = false;
  } while (!payload.empty());
  return out;
}

std::vector<frame_description> describe_frames(std::span<const std::byte> bytes) {
  std::vector<frame_description> all;
  while (bytes.size() >= 2) {
    const std::size_t header_size = twinsocket::detail::header_size(bytes[1]);
    if (bytes.size() < header_size) break;
    const frame_header header = twinsocket::detail::decode_header(bytes.data());
    if (bytes.size() - header_size < header.length) break;
    const std::size_t size = header_size + static_cast<std::size_t>(header.length);
    all.push_back(describe(header, bytes.first(size), header_size));
    bytes = bytes.subspan(size);
  }
  return all;
}

}  // namespace demo
