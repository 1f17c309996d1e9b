#pragma once

#include <filesystem>
#include <string>

namespace twinsocket::detail {

/// A path from its text, which is UTF-8 where the system does not take it as bytes. Empty if the text is not a path.
[[nodiscard]] std::filesystem::path path_of(const std::string& text);

/// The text of a path, likewise.
[[nodiscard]] std::string text_of_path(const std::filesystem::path& path);

}  // namespace twinsocket::detail
