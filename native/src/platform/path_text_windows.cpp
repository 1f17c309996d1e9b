#include "platform/path_text.hpp"

#include "platform/wide_text_windows.hpp"

namespace twinsocket::detail {

std::filesystem::path path_of(const std::string& text) { return to_wide(text); }

std::string text_of_path(const std::filesystem::path& path) { return to_utf8(path.native()); }

}  // namespace twinsocket::detail
