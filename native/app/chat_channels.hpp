#pragma once

#include <memory>

#include "options.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/channels.hpp"

namespace twinsocket::app {

/// The rooms of demo-site/server/rooms.hpp with the broker of the settings. The error says what is wrong with --broker.
[[nodiscard]] result<std::shared_ptr<channels>> make_chat_rooms(const serve_settings& settings, log_hook log);

}  // namespace twinsocket::app
