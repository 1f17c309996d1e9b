#pragma once

// Makes untrusted text safe to print.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace twinsocket::app {

/// Escapes the control characters in UTF-8 text, as in "\x1b", so that text of a peer cannot control the terminal or start
/// a new line. Characters in `kept` are not escaped.
[[nodiscard]] std::string escape_control(std::string_view text, std::string_view kept = {});

/// Bytes in hexadecimal: "00 ff c0 de".
[[nodiscard]] std::string hex(std::span<const std::byte> bytes);

}  // namespace twinsocket::app
