#pragma once

// Opens the transport to a server: name resolution, proxy, TCP, TLS.

#include <memory>

#include "client/connect_cancellation.hpp"
#include "transport/http_stream.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/client_options.hpp"
#include "twinsocket/task.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket::detail {

/// Afterwards a cancellation or timeout closes the stream. The arguments must outlive the await.
[[nodiscard]] task<result<std::unique_ptr<http_stream>>> open_transport(const url& address,
                                                                        const client_options& options,
                                                                        connect_cancellation& cancellation);

}  // namespace twinsocket::detail
