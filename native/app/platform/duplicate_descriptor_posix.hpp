#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>

namespace twinsocket::app {

/// Assigns a duplicate of a standard descriptor to `stream`, so that an event loop can wait for it. Returns the error.
boost::system::error_code assign_duplicate(boost::asio::posix::stream_descriptor& stream, int standard);

}  // namespace twinsocket::app
