#pragma once

// Validates the server's response to the opening handshake (RFC 6455 section 4.1).

#include <boost/beast/http/message.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/deflate_negotiation.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/client_options.hpp"

namespace twinsocket::detail {

/// The negotiated subprotocol and extensions.
struct negotiated_handshake {
  std::string subprotocol;                        ///< "" for none.
  std::optional<deflate_parameters> compression;  ///< nullopt for none.
};

/// Validates a response with status 101. `key` is the Sec-WebSocket-Key of the request, `options` are its options. Fails with
/// errc::handshake_failed; the detail tells what is wrong with the response.
[[nodiscard]] result<negotiated_handshake> check_handshake_response(
    const boost::beast::http::response_header<>& response, std::string_view key, const client_options& options);

}  // namespace twinsocket::detail
