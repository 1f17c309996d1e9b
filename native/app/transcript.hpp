#pragma once

// Formats messages for display.

#include <string>
#include <string_view>

#include "options.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::app {

/// The content of a message: text, indented if the settings ask for it and it is JSON or XML, or bytes in hexadecimal.
[[nodiscard]] std::string format_content(const message& m, const connect_settings& settings);

/// format_content() with the time of day, the direction ("<" received, ">" sent) and the kind of message:
///
///   14:03:07.123 < text   hello
///   14:03:07.125 < binary 00 ff c0 de
[[nodiscard]] std::string format_message(char direction, const message& m, const connect_settings& settings);

/// An event with the time of day: "14:03:07.123 - connected".
[[nodiscard]] std::string format_notice(std::string_view what);

}  // namespace twinsocket::app
