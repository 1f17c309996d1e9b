#pragma once

// The negotiation of permessage-deflate in the opening handshake (RFC 7692 section 7.1).

#include <optional>
#include <span>
#include <string>

#include "protocol/extensions.hpp"
#include "protocol/frame.hpp"
#include "twinsocket/error.hpp"

namespace twinsocket::detail {

/// How the messages of one side are compressed.
struct deflate_terms {
  int window_bits;     ///< The size of the sliding window: from 8 (256 bytes) to 15 (32 KiB).
  bool keeps_context;  ///< Context takeover: a message may refer back to earlier ones.
};

/// How the messages of both sides are compressed: the preferences of one side, or what was negotiated.
struct deflate_parameters {
  bool server_no_context_takeover = false;  ///< The server compresses each message by itself.
  bool client_no_context_takeover = false;  ///< The client compresses each message by itself.
  int server_max_window_bits = 15;          ///< The server's window: 8 to 15.
  int client_max_window_bits = 15;          ///< The client's window: 8 to 15.

  [[nodiscard]] deflate_terms of(role sender) const noexcept {
    return sender == role::server ? deflate_terms{server_max_window_bits, !server_no_context_takeover}
                                  : deflate_terms{client_max_window_bits, !client_no_context_takeover};
  }

  friend bool operator==(const deflate_parameters&, const deflate_parameters&) = default;
};

/// The smallest window that section 7.1.2 permits.
inline constexpr int min_window_bits = 8;

/// The offer of a client with these preferences. It always includes client_max_window_bits, so that the server may limit
/// the client's window.
[[nodiscard]] std::string deflate_offer(const deflate_parameters& preferences);

struct deflate_selection {
  deflate_parameters agreed;
  std::string answer;  ///< The value of Sec-WebSocket-Extensions.
};

/// The first acceptable offer. Empty if there is none: the connection then opens without compression. Offers of other
/// extensions are skipped, and so are offers with a parameter that is unknown, repeated or has an invalid value (section
/// 7.1).
[[nodiscard]] std::optional<deflate_selection> choose_deflate(std::span<const extension> offers,
                                                              const deflate_parameters& preferences);

/// Validates the server's response on the client. The result is empty if the server selected no compression. `preferences` is
/// what was offered, or null for no offer. Fails with errc::handshake_failed, which names what section 7.1 does not
/// permit.
[[nodiscard]] result<std::optional<deflate_parameters>> check_deflate(std::span<const extension> answer,
                                                                      const deflate_parameters* preferences);

}  // namespace twinsocket::detail
