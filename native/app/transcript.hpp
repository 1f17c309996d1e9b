#pragma once

// A conversation as people read it.

#include <string>
#include <string_view>

#include "options.hpp"
#include "twinsocket/message.hpp"

namespace twinsocket::app {

/// What a message says: text, indented where the settings ask for that and it can be, or bytes in hexadecimal.
[[nodiscard]] std::string content_of(const message& m, const connect_settings& settings);

/// The same with the time of day, "<" for what came and ">" for what was sent, and what kind of message it is:
///
///   14:03:07.123 < text   hello
///   14:03:07.125 < binary 00 ff c0 de
[[nodiscard]] std::string line_of(char direction, const message& m, const connect_settings& settings);

/// Something that happened, with the time of day: "14:03:07.123 - connected".
[[nodiscard]] std::string notice_of(std::string_view what);

}  // namespace twinsocket::app
