#include "platform/arguments.hpp"

namespace twinsocket::app {

std::vector<std::string> arguments_of(int count, char** words) { return {words, words + count}; }

}  // namespace twinsocket::app
