// C ABI of twinsocket_xml.wasm, which js/xml-module.ts calls. It is a module of its own, because most pages do not use XML.

#include <emscripten.h>

#include <string_view>
#include <utility>

#include "json_report.hpp"
#include "transfer_buffer.hpp"
#include "xml_bridge.hpp"

namespace twinsocket::detail {

namespace {

/// Replaces the contents of the transfer buffer by the result of `convert` and returns its size. The size is negative if the
/// transfer buffer contains an error as JSON.
int replace_transferred(result<buffer> (*convert)(std::string_view)) {
  const buffer input = std::move(transfer_buffer());
  result<buffer> made = convert({reinterpret_cast<const char*>(input.data()), input.size()});
  if (!made) return -static_cast<int>(write_report(made.error()));
  transfer_buffer() = std::move(*made);
  return static_cast<int>(transfer_buffer().size());
}

}  // namespace

}  // namespace twinsocket::detail

using namespace twinsocket;

extern "C" {

/// Replaces the XML document in the transfer buffer by its tree. See xml_bridge.hpp.
EMSCRIPTEN_KEEPALIVE int twinsocket_xml_read() { return detail::replace_transferred(detail::xml_to_tree); }

/// Replaces the tokens in the transfer buffer by their XML document.
EMSCRIPTEN_KEEPALIVE int twinsocket_xml_write() { return detail::replace_transferred(detail::tokens_to_xml); }

}  // extern "C"
