#include "transfer_buffer.hpp"

#include <emscripten.h>

namespace twinsocket::detail {

buffer& transfer_buffer() noexcept {
  static buffer instance;
  return instance;
}

std::string take_transferred_text() {
  std::string text(reinterpret_cast<const char*>(transfer_buffer().data()), transfer_buffer().size());
  transfer_buffer().clear();
  return text;
}

}  // namespace twinsocket::detail

// Functions that JavaScript calls.

using namespace twinsocket;

extern "C" {

/// Commits `written` bytes to the transfer buffer, and returns the address where `more` bytes can be written.
EMSCRIPTEN_KEEPALIVE std::byte* twinsocket_prepare_transfer(std::size_t written, std::size_t more) {
  detail::buffer& transfer_buffer = detail::transfer_buffer();
  transfer_buffer.commit(written);
  return transfer_buffer.prepare(more);
}

/// Empties the transfer buffer after JavaScript has read it.
EMSCRIPTEN_KEEPALIVE void twinsocket_clear_transfer() { detail::transfer_buffer().reset(); }

}  // extern "C"
