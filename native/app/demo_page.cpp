#include "demo_page.hpp"

#include <system_error>

#include "platform/program_path.hpp"

namespace twinsocket::app {

namespace fs = std::filesystem;

std::string find_demo_page(const fs::path& bin) {
  // First the build tree, then the installed layout, whose relative path CMake passes.
  for (const char* const way : {"../demo-site", TWINSOCKET_DEMO_PAGE_FROM_BIN}) {
    std::error_code failure;
    const fs::path folder = fs::weakly_canonical(bin / way, failure);
    if (failure || !fs::is_regular_file(folder / "index.html", failure)) continue;
    const std::u8string text = folder.u8string();
    return {text.begin(), text.end()};
  }
  return {};
}

std::string find_demo_page() {
  const fs::path self = program_path();
  return self.empty() ? std::string() : find_demo_page(self.parent_path());
}

}  // namespace twinsocket::app
