#pragma once

#include <filesystem>
#include <string>

namespace twinsocket::app {

/// The folder of the demo page that was built or installed with a program in the folder `bin`; "" if there is none.
[[nodiscard]] std::string find_demo_page(const std::filesystem::path& bin);

/// The folder of the demo page that belongs to this program; "" if there is none.
[[nodiscard]] std::string find_demo_page();

}  // namespace twinsocket::app
