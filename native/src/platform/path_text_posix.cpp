#include "platform/path_text.hpp"

namespace twinsocket::detail {

std::filesystem::path path_of(const std::string& text) { return text; }

std::string text_of_path(const std::filesystem::path& path) { return path.string(); }

}  // namespace twinsocket::detail
