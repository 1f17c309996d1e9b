#pragma once

// A setter and its getter take one line each.
// clang-format off

// A connection that reconnects automatically, the same natively and in a browser. send(), try_send(), close() and
// abort() may be called from any thread, by several at once; all else only on the thread of its event loop.
//
//   twinsocket::reconnecting_connection socket(url, twinsocket::reconnect_options().on_connected(subscribe));
//   while (auto message = co_await socket.receive()) show(*message);   // continues across reconnects

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "twinsocket/close.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/connection.hpp"
#include "twinsocket/detail/lifetime.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/reconnect_phase.hpp"
#include "twinsocket/reconnect_policy.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

namespace detail {
class channel_client_state;
class reconnecting_state;
class status_awaiter;
}  // namespace detail

/// Options of a reconnecting client.
class reconnect_options {
 public:
  /// Runs on every new connection before anything else is sent, for example to authenticate or to subscribe again. It
  /// alone sends and receives on the connection, for at most the connect timeout; then the connection is dropped. If it
  /// returns an error the attempt has failed. errc::cancelled, invalid_argument and unsupported end the client for
  /// good.
  using on_connected_function = std::function<task<result<void>>(connection& fresh)>;
  /// How to connect: for example to a different URL each time, or with options that only a native client has. `options`
  /// are those that were given, with the cancellation_token of this attempt.
  using dialer_function = std::function<task<result<connection>>(std::string url, twinsocket::connect_options options)>;

  /// `options` apply to each connection. The cancellation of connect_options::cancel_on() closes the client for
  /// good with 1000 in any phase; its source has to live until then.
  reconnect_options(twinsocket::connect_options options = {}) : connect_options_(std::move(options)) {}
  /// The options of each connection.
  [[nodiscard]] const twinsocket::connect_options& connect_options() const noexcept TWINSOCKET_LIFETIMEBOUND { return connect_options_; }

  /// When to reconnect and when to stop.
  reconnect_options& policy(reconnect_policy values) { policy_ = std::move(values); return *this; }
  [[nodiscard]] const reconnect_policy& policy() const noexcept TWINSOCKET_LIFETIMEBOUND { return policy_; }

  /// Sets what runs on every new connection before anything else is sent. Default: nothing.
  reconnect_options& on_connected(on_connected_function first) { on_connected_ = std::move(first); return *this; }
  [[nodiscard]] const on_connected_function& on_connected() const noexcept TWINSOCKET_LIFETIMEBOUND { return on_connected_; }

  /// Default: twinsocket::connect().
  reconnect_options& dialer(dialer_function how) { dialer_ = std::move(how); return *this; }
  [[nodiscard]] const dialer_function& dialer() const noexcept TWINSOCKET_LIFETIMEBOUND { return dialer_; }

  /// Size of the offline queue in bytes: messages sent while there is no connection, or while the network is slower
  /// than the sender. A message that does not fit waits or is dropped, as send_options::overflow_policy says; 0 queues
  /// nothing. Default: 1 MiB.
  reconnect_options& offline_queue_bytes(std::size_t bytes) { offline_queue_bytes_ = bytes; return *this; }
  [[nodiscard]] std::size_t offline_queue_bytes() const noexcept { return offline_queue_bytes_; }

 private:
  twinsocket::connect_options connect_options_;
  reconnect_policy policy_;
  on_connected_function on_connected_;
  dialer_function dialer_;
  std::size_t offline_queue_bytes_ = 1 * mib;
};

/// Messages that were dropped before they reached a connection.
struct dropped_messages {
  std::uint64_t messages = 0;  ///< Number of messages.
  std::uint64_t bytes = 0;     ///< Sum of their payloads.

  friend bool operator==(const dropped_messages&, const dropped_messages&) = default;
};

/// The state of a reconnecting client, and what caused it.
struct reconnect_status {
  reconnect_phase phase = reconnect_phase::connecting;  ///< What the client does now.
  /// Failed attempts since a connection was last stable.
  unsigned failures = 0;
  /// Time until the next attempt, in the phases `waiting` and `paused`.
  std::chrono::milliseconds delay{0};
  /// How the last connection ended, if that caused this status.
  std::optional<close_info> close;
  /// Why there is no connection: the error of connect(), of the on_connected function or of the lost connection.
  std::optional<twinsocket::error> error;
  /// Messages sent since the last `open` that were dropped; the next `open` reports them for the last time. Messages
  /// that a lost connection had already accepted may be lost too, which only the server knows: number the messages that
  /// must not be lost.
  dropped_messages dropped;
};

/// A connection to one server that is re-established whenever it is lost. Move-only; destroying it closes it for good
/// with 1000.
///
/// Messages arrive in the order in which they were sent, with a gap where a connection was lost. Messages are sent in
/// the order of the calls; those sent while there is no connection go out first on the next one.
///
/// A client that receives too slowly does not reconnect until the receive queue has room (limits::receive_queue_bytes).
class reconnecting_connection : private connection {
 public:
  /// Starts to connect immediately, on the event loop of the task that constructs it. An invalid URL or option ends it
  /// for good, with the status `closed`.
  explicit reconnecting_connection(std::string url, reconnect_options options = {})
      : reconnecting_connection(std::move(url), std::move(options), twinsocket::connect) {}

  // As in connection, including timeouts and cancellation.

  /// Returns the next message, from any of its connections. Fails only when the client has ended for good: with
  /// errc::closed and the close code, or with the error that made further attempts useless.
  using connection::receive;
  /// Suspends only while the offline queue is full (`offline_queue_bytes`). Then send_options::overflow_policy may drop messages;
  /// overflow_policy::close drops all of them and ends the client for good with 1013.
  using connection::send;
  using connection::try_send;
  /// Ends the client for good, in any phase. On an open connection the messages sent before are still transmitted.
  /// Messages that wait for a connection are dropped.
  using connection::close;
  /// Ends the client for good without a closing handshake.
  using connection::abort;
  /// Waits until the client has ended for good: closed by either side, or after too many failed attempts.
  using connection::closed;
  /// True until the client has ended for good, or is about to.
  using connection::is_open;
  /// Of the current or the last connection.
  using connection::subprotocol;
  using connection::local_address;
  using connection::remote_address;
  /// Bytes in the offline queue, and those that the current connection has not sent yet.
  using connection::buffered_amount;
  /// Totals of all its connections.
  using connection::counters;

  /// The current status.
  [[nodiscard]] reconnect_status status() const;

  /// `co_await next_status()` returns the status changes one by one, starting with the first. After the last it fails
  /// with errc::closed. The last 32 unread changes are kept.
  [[nodiscard]] detail::status_awaiter next_status();

  /// Starts the next attempt without further delay.
  void retry_now();
  /// Reports whether there is a network. While there is none, delays are long, and failed attempts do not count for
  /// reconnect_policy::max_attempts. When the network is back the next attempt starts immediately, but not within
  /// reconnect_policy::initial_delay of the last one; and the peer of an open connection has to show within 3 s that it
  /// is alive. The network does not matter for a server on this machine (localhost, *.localhost, 127.0.0.0/8, ::1).
  ///
  /// In a page the browser's own events do this. While the page is hidden the delays are long. When it is shown again,
  /// resumed or restored from the back-forward cache, the network counts as back.
  void set_online(bool on);

 private:
  friend class detail::channel_client_state;
  // The platform's connect() is named in the header, so that the shared library depends on neither platform.
  using connect_function = task<result<connection>> (*)(std::string url, connect_options options);
  reconnecting_connection(std::string url, reconnect_options options, connect_function usual);
  [[nodiscard]] detail::reconnecting_state& client_state() const noexcept;
};

namespace detail {

class status_awaiter : public waiter {
 public:
  explicit status_awaiter(reconnecting_state& client) noexcept;
  status_awaiter(status_awaiter&&) noexcept = default;

  [[nodiscard]] bool await_ready() { return !on_own_loop() || ready(); }
  void await_suspend(std::coroutine_handle<> waiting);
  [[nodiscard]] result<reconnect_status> await_resume();

 private:
  [[nodiscard]] bool ready() override;

  [[nodiscard]] reconnecting_state& client() const noexcept;

  std::optional<reconnect_status> found_;
};

}  // namespace detail

inline detail::status_awaiter reconnecting_connection::next_status() {
  return detail::status_awaiter(client_state());
}

}  // namespace twinsocket
