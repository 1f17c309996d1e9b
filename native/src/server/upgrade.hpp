#pragma once

// The server's side of the opening handshake (RFC 6455 section 4.2), as rules on a request.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/deflate.hpp"
#include "server/origin.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/options.hpp"
#include "twinsocket/native/request.hpp"
#include "twinsocket/native/response.hpp"

namespace twinsocket::detail {

/// True when a request asks for a WebSocket, well or badly. What else comes to the same path may be for a handler of
/// its method.
[[nodiscard]] bool asks_for_websocket(const request& asked);

/// The answer to an opening handshake that is not as section 4.2.1 wants it; nothing when it is. `version` is 10 or 11,
/// as in HTTP/1.1, and `has_body` true when content comes behind the header.
[[nodiscard]] std::optional<response> refuse_handshake(const request& asked, int version, bool has_body);

/// Whether pages of an origin that the request names may open a WebSocket, as the options or their function say.
[[nodiscard]] bool allows_origin(const request& asked, const websocket_options& options, const origin_policy& origins,
                                 std::string_view origin);

/// The subprotocol to speak, "" for none, as the answer names it: with or without a heartbeat. errc::protocol_violation when what the client offers is not a list of
/// different tokens (section 4.1, point 10), errc::invalid_argument when a chooser chose what was not offered.
[[nodiscard]] result<std::string> choose_subprotocol(const request& asked, const websocket_options& options);

/// How messages are compressed, nothing for not at all. errc::protocol_violation when what the client offers is not as
/// section 9.1 wants it.
[[nodiscard]] result<std::optional<deflate_choice>> choose_compression(const request& asked,
                                                                       const compression_options& options);

/// What was chosen of what the client offers.
struct opening_choice {
  std::string subprotocol;
  std::optional<deflate_choice> compression;
};

/// The answer that opens the connection (section 4.2.2, point 5), up to and with its empty line.
[[nodiscard]] std::string opening(const request& asked, const opening_choice& chosen,
                                  const std::vector<header_field>& more);

}  // namespace twinsocket::detail
