#pragma once

#include <filesystem>

namespace twinsocket::app {

/// The path of the running program. Empty if the system does not tell it.
[[nodiscard]] std::filesystem::path program_path();

}  // namespace twinsocket::app
