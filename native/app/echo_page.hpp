#pragma once

// The page at /ws/echo_display where there is no site to show.

#include <string_view>

namespace twinsocket::app {

/// HTML without style and script of its own: the server's Content-Security-Policy allows neither inside of a page.
extern const std::string_view echo_page;
extern const std::string_view echo_script;

}  // namespace twinsocket::app
