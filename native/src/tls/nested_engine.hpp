#pragma once

#include <memory>

#include "tls/tls_engine.hpp"

namespace twinsocket::detail {

/// TLS inside TLS, as for a wss:// server behind an HTTPS proxy. The outer handshake must be complete.
[[nodiscard]] std::unique_ptr<tls_engine> make_nested_engine(std::unique_ptr<tls_engine> outer,
                                                             std::unique_ptr<tls_engine> inner);

}  // namespace twinsocket::detail
