#pragma once

// The TLS engine that OpenSSL drives.

#include <memory>
#include <string>

#include "tls/context.hpp"
#include "transport/tls_engine.hpp"

namespace twinsocket::detail {

/// For the server: shows the context's certificate.
[[nodiscard]] std::unique_ptr<tls_engine> make_server_engine(const tls_context& context);

/// For a client that wants to talk to `host`, a name or an IP address without brackets: the certificate has to be for it.
/// Names are told to the server (SNI, RFC 6066 section 3).
[[nodiscard]] std::unique_ptr<tls_engine> make_client_engine(const tls_context& context, const std::string& host);

}  // namespace twinsocket::detail
