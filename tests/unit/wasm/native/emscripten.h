#pragma once

// Lets the sources of wasm/ compile natively, with fake_platform.hpp on the other side.
#define EMSCRIPTEN_KEEPALIVE
