#pragma once

#include <filesystem>
#include <string>

namespace twinsocket::app {

/// The folder of the demo page that was built or installed together with a program in the folder `bin`; "" where there is none.
[[nodiscard]] std::string find_demo_page(const std::filesystem::path& bin);

/// The same for this program.
[[nodiscard]] std::string find_demo_page();

}  // namespace twinsocket::app
