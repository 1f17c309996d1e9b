#pragma once

// Opens the transport to a server: name resolution, proxy, TCP, TLS.

#include <memory>

#include "client/interruption.hpp"
#include "transport/byte_stream.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/connect_options.hpp"
#include "twinsocket/task.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

/// Afterwards `limit` closes the stream when it fires. The arguments must outlive the await.
[[nodiscard]] task<result<std::unique_ptr<byte_stream>>> find_way(const url& address, const native::connect_options& options,
                                                                  interruption& limit);

}  // namespace twinsocket::detail
