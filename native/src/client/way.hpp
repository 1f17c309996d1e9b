#pragma once

// The way to a server: from its address to a stream on which HTTP can be spoken with it.

#include <memory>

#include "client/interruption.hpp"
#include "transport/byte_stream.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/connect_options.hpp"
#include "twinsocket/task.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

/// The interruption goes on to guard the stream. The references outlive it.
[[nodiscard]] task<result<std::unique_ptr<byte_stream>>> find_way(const url& address, const native::connect_options& options,
                                                                  interruption& limit);

}  // namespace twinsocket::detail
