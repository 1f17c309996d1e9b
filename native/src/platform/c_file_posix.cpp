#include "platform/c_file.hpp"

namespace twinsocket::detail {

c_file open_c_file(const std::string& path) { return c_file(std::fopen(path.c_str(), "rbe")); }

}  // namespace twinsocket::detail
