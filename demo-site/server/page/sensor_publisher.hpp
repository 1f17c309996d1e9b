#pragma once

#include <string>

#include "twinsocket/native/channels.hpp"

namespace twinsocket::app {

/// Adds the namespace "sensors" and publishes simulated readings in one of its channels, while that has subscribers, once per
/// second. `to` must live as long as the event loop.
void add_simulated_sensors(channels& to, std::string channel);

}  // namespace twinsocket::app
