#pragma once

#include "options.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/connect_options.hpp"

namespace twinsocket::app {

/// What the command line says of how to connect. errc::invalid_argument for a header that is none.
[[nodiscard]] result<native::connect_options> native_options_of(const connect_settings& settings);

}  // namespace twinsocket::app
