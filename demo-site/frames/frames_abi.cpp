// The interface of demo_frames.wasm to JavaScript (src/frames-module.ts).

#include <emscripten.h>

#include <span>
#include <string>
#include <string_view>

#include "demo-site/frames/describe_frames.hpp"
#include "protocol/handshake.hpp"
#include "transfer_buffer.hpp"
#include "twinsocket/json.hpp"

extern "C" void demo_js_random(std::byte* out, std::size_t size);

using namespace twinsocket;

namespace {

void random(std::span<std::byte> out) { demo_js_random(out.data(), out.size()); }

/// Puts a text into the transfer buffer for JavaScript, and returns its size.
std::size_t give(std::string_view text) {
  detail::transfer_buffer().append(std::as_bytes(std::span(text.data(), text.size())));
  return text.size();
}

}  // namespace

extern "C" {

/// Describes the frames of a message, whose payload is in the transfer buffer, as a JSON array.
EMSCRIPTEN_KEEPALIVE std::size_t demo_describe_frames(int is_text, int is_client, std::size_t fragment_size,
                                                      int compressed) {
  const std::string payload = detail::take_transferred_text();
  demo::frame_options options;
  options.sender = is_client ? detail::role::client : detail::role::server;
  options.kind = is_text ? message_kind::text : message_kind::binary;
  options.fragment_size = fragment_size;
  options.compressed = compressed != 0;
  const auto frames = demo::write_frames(options, std::as_bytes(std::span(payload.data(), payload.size())), random);
  const auto described = json.encode(demo::describe_frames(frames.bytes()));
  return give(described ? described->text() : "[]");
}

/// A new Sec-WebSocket-Key, a space, and the Sec-WebSocket-Accept for it (RFC 6455 section 4).
EMSCRIPTEN_KEEPALIVE std::size_t demo_handshake_keys() {
  const std::string key = detail::make_key(random);
  return give(key + ' ' + detail::accept_key(key));
}

}  // extern "C"
