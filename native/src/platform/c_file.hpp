#pragma once

#include <cstdio>
#include <memory>
#include <string>

namespace twinsocket::detail {

struct c_file_closer {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using c_file = std::unique_ptr<std::FILE, c_file_closer>;

/// Opens a file for reading. `path` is UTF-8 where the system does not take it as bytes. Child processes do not inherit it.
/// Null on an error, which is in errno.
[[nodiscard]] c_file open_c_file(const std::string& path);

}  // namespace twinsocket::detail
