// The platform's URL as in wasm/js/sockets.js, for the unit tests, which are linked without that file.

#include <emscripten.h>

#include <cstring>
#include <string>

#include "javascript.hpp"

// Writes the normal form, which is ASCII, and returns its size; 0 if the URL is invalid.
EM_JS(int, normalize_url_by_node, (const char* text, int size, char* room, int capacity), {
  try {
    var address = new URL(UTF8ToString(text, size)).href;
    stringToUTF8(address, room, capacity);
    return address.length;
  } catch (error) {
    return 0;
  }
})

extern "C" int twinsocket_js_normalize_url(const char* text, std::size_t size) {
  // Each byte may become three, and Punycode makes a host longer.
  std::string room(4 * size + 100, '\0');
  const int length = normalize_url_by_node(text, static_cast<int>(size), room.data(), static_cast<int>(room.size()));
  if (length == 0) return 0;
  twinsocket::detail::buffer& transfer_buffer = twinsocket::detail::transfer_buffer();
  std::memcpy(transfer_buffer.prepare(static_cast<std::size_t>(length)), room.data(), static_cast<std::size_t>(length));
  transfer_buffer.commit(static_cast<std::size_t>(length));
  return 1;
}
