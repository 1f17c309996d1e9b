#pragma once

// The page at /ws/echo_display when no site is served.

#include <string_view>

namespace twinsocket::app {

/// HTML without inline style or script, because the server's Content-Security-Policy forbids both.
extern const std::string_view echo_page;
extern const std::string_view echo_script;

}  // namespace twinsocket::app
