#pragma once

// What a client must check of the server's answer to its opening handshake (RFC 6455 section 4.1).

#include <boost/beast/http/message.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "protocol/deflate.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/native/connect_options.hpp"

namespace twinsocket::detail {

/// What the server has agreed to.
struct opened_by_server {
  std::string subprotocol;                        ///< "" for none.
  std::optional<deflate_parameters> compression;  ///< Nothing for none.
};

/// Takes an answer with the status 101. `key` is the Sec-WebSocket-Key that was sent, and `asked` what else was asked for.
/// errc::handshake_failed names what is wrong with the answer.
[[nodiscard]] result<opened_by_server> check_answer(const boost::beast::http::response_header<>& answer, std::string_view key,
                                                    const native::connect_options& asked);

}  // namespace twinsocket::detail
