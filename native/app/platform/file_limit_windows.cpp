#include "platform/file_limit.hpp"

namespace twinsocket::app {

// Windows has no limit to raise.
void raise_file_limit() {}

}  // namespace twinsocket::app
