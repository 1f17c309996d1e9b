#pragma once

// The TLS engine on OpenSSL.

#include <memory>
#include <string>

#include "tls/tls_context.hpp"
#include "tls/tls_engine.hpp"

namespace twinsocket::detail {

/// The server side. Sends the context's certificate.
[[nodiscard]] std::unique_ptr<tls_engine> make_server_engine(const tls_context& context);

/// The client side. The certificate must be valid for `host`, a name or an IP address without brackets. Names are sent to
/// the server as SNI (RFC 6066 section 3).
[[nodiscard]] std::unique_ptr<tls_engine> make_client_engine(const tls_context& context, const std::string& host);

}  // namespace twinsocket::detail
