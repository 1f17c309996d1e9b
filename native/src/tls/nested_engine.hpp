#pragma once

#include <memory>

#include "transport/tls_engine.hpp"

namespace twinsocket::detail {

/// TLS that is spoken inside of TLS, as with a server behind an HTTPS proxy. The outer handshake is done.
[[nodiscard]] std::unique_ptr<tls_engine> nest(std::unique_ptr<tls_engine> outer, std::unique_ptr<tls_engine> inner);

}  // namespace twinsocket::detail
