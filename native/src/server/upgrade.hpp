#pragma once

// The server's opening handshake (RFC 6455 section 4.2), as functions of a request.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/deflate_negotiation.hpp"
#include "server/origin.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/options.hpp"
#include "twinsocket/native/request.hpp"
#include "twinsocket/native/response.hpp"

namespace twinsocket::detail {

/// Whether a request is an opening handshake, valid or not. Other requests to the same path go to the handler of their
/// method.
[[nodiscard]] bool is_websocket_upgrade(const request& req);

/// The error response to an opening handshake that violates section 4.2.1. Empty if it is valid. `version` is 10 or 11, for
/// HTTP/1.0 or HTTP/1.1. `has_body`: content follows the header.
[[nodiscard]] std::optional<response> check_handshake(const request& req, int version, bool has_body);

/// Whether the options, or their origin function, allow this Origin of the request.
[[nodiscard]] bool allows_origin(const request& req, const websocket_options& options, const origin_policy& origins,
                                 std::string_view origin);

/// The compression parameters, empty for no compression. errc::protocol_violation if the client's offer is malformed
/// (section 9.1).
[[nodiscard]] result<std::optional<deflate_selection>> choose_compression(const request& req,
                                                                          const compression_options& options);

/// The parameters that were chosen from the client's offers.
struct negotiated_options {
  std::string subprotocol;
  std::optional<deflate_selection> compression;
};

/// The 101 response (section 4.2.2, point 5), including its final empty line.
[[nodiscard]] std::string serialize_handshake_response(const request& req, const negotiated_options& chosen,
                                                       const std::vector<header_field>& more);

}  // namespace twinsocket::detail
