#pragma once

#include "options.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/client_options.hpp"

namespace twinsocket::app {

/// Converts the command line to connect options. Fails with errc::invalid_argument for a malformed --header.
[[nodiscard]] result<client_options> make_client_options(const connect_settings& settings);

}  // namespace twinsocket::app
