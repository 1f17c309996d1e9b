#pragma once

// Lets the sources of wasm/ compile natively, with fake_platform.hpp as the JavaScript side.
#define EMSCRIPTEN_KEEPALIVE
