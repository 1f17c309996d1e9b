#pragma once

#include <string>
#include <vector>

namespace twinsocket::app {

/// The words of the command line as UTF-8, from what main() is given. The first is the name of the program.
[[nodiscard]] std::vector<std::string> arguments_of(int count, char** words);

}  // namespace twinsocket::app
