#pragma once

namespace twinsocket::app {

/// Lets this process have as many files and sockets open as the system permits. The default is usually 1,024, and every
/// connection needs one.
void raise_file_limit();

}  // namespace twinsocket::app
