#pragma once

// What a module reports to JavaScript, as JSON in the transfer buffer.

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include "codec/json_text.hpp"
#include "codec/output_buffer.hpp"
#include "transfer_buffer.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

inline void write_string(output_buffer& out, std::string_view text) {
  // The texts come from the platform or from this library, and so are UTF-8.
  [[maybe_unused]] const bool good = write_json_string(out, text);
}

inline void write(output_buffer& out, const error& why) {
  out.put("{\"code\":" + std::to_string(static_cast<int>(why.code())) + ",\"message\":");
  write_string(out, why.message());
  out.put('}');
}

/// Moves a report to the transfer buffer, from which JavaScript reads it, and returns its size.
inline std::size_t hand_over(output_buffer report) {
  transfer_buffer() = std::move(report).take();
  return transfer_buffer().size();
}

inline std::size_t write_report(const error& why) {
  output_buffer out;
  write(out, why);
  return hand_over(std::move(out));
}

}  // namespace twinsocket::detail
