#pragma once

// Opens the transport to a server: name resolution, proxy, TCP, TLS.

#include <memory>

#include "client/interruption.hpp"
#include "transport/http_stream.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/connect_options.hpp"
#include "twinsocket/task.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

/// Afterwards `limit` closes the stream when it fires. The arguments must outlive the await.
[[nodiscard]] task<result<std::unique_ptr<http_stream>>> open_transport(const url& address,
                                                                        const native::connect_options& options,
                                                                        connect_interruption& limit);

}  // namespace twinsocket::detail
