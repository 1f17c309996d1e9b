#pragma once

// permessage-deflate (RFC 7692 section 7.1): what the two sides say to each other about it in the opening handshake, and
// what they have then agreed on.

#include <optional>
#include <span>
#include <string>

#include "protocol/extensions.hpp"
#include "protocol/frame.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// How the messages that one side sends are compressed.
struct deflate_terms {
  int window_bits;     ///< How far back they reach: from 256 bytes (8) to 32 KiB (15).
  bool keeps_context;  ///< Whether a message may refer back to those before it.
};

/// How the messages of both sides are compressed: what one side wishes for, or what both have agreed on.
struct deflate_parameters {
  bool server_no_context_takeover = false;  ///< Each of the server's messages stands for itself.
  bool client_no_context_takeover = false;  ///< Each of the client's messages stands for itself.
  int server_max_window_bits = 15;          ///< How far back the server's messages reach: 8 to 15.
  int client_max_window_bits = 15;          ///< How far back the client's messages reach: 8 to 15.

  [[nodiscard]] deflate_terms of(role sender) const noexcept {
    return sender == role::server ? deflate_terms{server_max_window_bits, !server_no_context_takeover}
                                  : deflate_terms{client_max_window_bits, !client_no_context_takeover};
  }

  friend bool operator==(const deflate_parameters&, const deflate_parameters&) = default;
};

/// The smallest window that section 7.1.2 allows.
inline constexpr int min_window_bits = 8;

/// What a client offers that wishes for this. It always says that it can take a limit on its own window.
[[nodiscard]] std::string deflate_offer(const deflate_parameters& wishes);

struct deflate_choice {
  deflate_parameters agreed;
  std::string answer;  ///< The value of Sec-WebSocket-Extensions.
};

/// The first of the offers that a server can take. Nothing when there is none: the connection then opens without
/// compression. An offer is passed over when it is not for permessage-deflate, or has a parameter that is unknown, comes
/// twice or has a value that is not allowed (section 7.1).
[[nodiscard]] std::optional<deflate_choice> choose_deflate(std::span<const extension> offers,
                                                           const deflate_parameters& wishes);

/// What a client has to do after the server's answer; nothing when the server chose no compression. `wishes` are those
/// that were offered, null for no offer. errc::handshake_failed names what section 7.1 does not allow in the answer.
[[nodiscard]] result<std::optional<deflate_parameters>> check_deflate(std::span<const extension> answer,
                                                                      const deflate_parameters* wishes);

}  // namespace twinsocket::detail
