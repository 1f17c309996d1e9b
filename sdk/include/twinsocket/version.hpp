#pragma once

/// The version of twinsocket. CMake, the npm package and pkg-config read it from here.
#define TWINSOCKET_VERSION "0.1.0"
