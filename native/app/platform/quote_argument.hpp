#pragma once

#include <string>
#include <string_view>

namespace twinsocket::app {

/// A word for the command line of a Windows program, which splits it with the rules of the C library of Windows. A function
/// of text only; it is the same on all systems.
[[nodiscard]] std::string quote_argument(std::string_view word);

}  // namespace twinsocket::app
