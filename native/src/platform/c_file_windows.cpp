#include "platform/c_file.hpp"

#include "platform/wide_text_windows.hpp"

namespace twinsocket::detail {

c_file open_c_file(const std::string& path) { return c_file(::_wfopen(to_wide(path).c_str(), L"rbN")); }

}  // namespace twinsocket::detail
