#pragma once

// A setter and its getter take one line each.
// clang-format off

// Opens a connection, by the same call natively and in a browser. Options that only one of them has (headers, proxies,
// TLS) are in twinsocket/native/.

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "twinsocket/cancel.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/detail/lifetime.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/keepalive.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/log.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

/// Client options that both platforms have.
class connect_options {
 public:
  /// Offers a subprotocol (RFC 6455 section 1.9). Call it once for each, the preferred one first. The server selects at
  /// most one of them: connection::subprotocol().
  connect_options& subprotocol(std::string name) { subprotocols_.push_back(std::move(name)); return *this; }
  /// The offered subprotocols, the preferred one first.
  [[nodiscard]] const std::vector<std::string>& subprotocols() const noexcept TWINSOCKET_LIFETIMEBOUND { return subprotocols_; }

  /// Connect timeout, from name resolution to the server's handshake response. On expiry connect() fails with
  /// errc::timed_out. milliseconds::max() is no limit; 0 or less fails immediately. Default: 30 s.
  connect_options& timeout(std::chrono::milliseconds time) { timeout_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return timeout_; }

  /// Limits of sizes and times of the connection. Default: those of twinsocket::limits.
  connect_options& limits(const twinsocket::limits& values) { limits_ = values; return *this; }
  [[nodiscard]] const twinsocket::limits& limits() const noexcept TWINSOCKET_LIFETIMEBOUND { return limits_; }

  /// Detection of an unresponsive server. Default: that of twinsocket::keepalive.
  connect_options& keepalive(const twinsocket::keepalive& values) { keepalive_ = values; return *this; }
  [[nodiscard]] const twinsocket::keepalive& keepalive() const noexcept TWINSOCKET_LIFETIMEBOUND { return keepalive_; }

  /// Cancels the attempt with errc::cancelled when `stop` (a cancellation_source or a std::stop_token) is cancelled. A
  /// connection that is open by then stays open.
  connect_options& cancel_on(cancellation_token stop) { cancellation_ = std::move(stop); return *this; }
  /// The token of cancel_on().
  [[nodiscard]] const cancellation_token& cancellation() const noexcept TWINSOCKET_LIFETIMEBOUND { return cancellation_; }

  /// Log callback for attempts to connect, their phases and outcomes, redirects, the end of the connection and
  /// reconnecting. The events are "connecting", "tls established", "redirected", "connected", "connect failed",
  /// "closed", "reconnecting" and "gave up". Default: none.
  connect_options& log(log_hook hook) { log_ = std::move(hook); return *this; }
  [[nodiscard]] const log_hook& log() const noexcept TWINSOCKET_LIFETIMEBOUND { return log_; }

 private:
  std::vector<std::string> subprotocols_;
  std::chrono::milliseconds timeout_{30'000};
  twinsocket::limits limits_;
  twinsocket::keepalive keepalive_;
  cancellation_token cancellation_;
  log_hook log_;
};

/// Connects to a ws:// or wss:// URL (RFC 6455 section 3), parsed by url::parse(). In a page the URL may be relative to
/// the document's base URL. The connection belongs to the event loop of the task that awaits this. Errors: invalid_url,
/// invalid_argument (a subprotocol that is not a token), resolve_failed, connect_failed, tls_failed, handshake_failed
/// (error::response() has the server's response), timed_out, cancelled.
[[nodiscard]] task<result<connection>> connect(std::string url, connect_options options = {});

}  // namespace twinsocket
