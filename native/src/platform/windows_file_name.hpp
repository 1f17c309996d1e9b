#pragma once

#include <string_view>

namespace twinsocket::detail {

/// Whether Windows takes `name`, which is one segment of a path, for the file of exactly this name. False for names of
/// devices (CON, nul.txt), alternate streams (a.txt:b), short names (PROGRA~1), names that lose their last character
/// ("a.txt."), and characters that no file name has. A rule of names only; it is the same on all systems.
[[nodiscard]] bool is_windows_file_name(std::string_view name) noexcept;

}  // namespace twinsocket::detail
