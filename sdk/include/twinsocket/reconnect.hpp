#pragma once

// A connection that comes back: the same natively and in a browser. send(), try_send(), close() and abort() may be called
// from any thread, any number at a time; all else from the thread of the event loop that it lives on.
//
//   twinsocket::reconnecting_connection socket(url, twinsocket::reconnect_options().prepare(subscribe));
//   while (auto message = co_await socket.receive()) show(*message);   // goes on across reconnects

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
#include "twinsocket/error.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/reconnect_phase.hpp"
#include "twinsocket/reconnect_policy.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

namespace detail {
class reconnecting_state;
class status_awaiter;
}  // namespace detail

/// What a reconnecting client is to do.
class reconnect_options {
 public:
  /// What is said first on every new connection, before anything else goes out: to authenticate, to subscribe again. It
  /// has the connection to itself, to send and to receive, for as long as connecting may take; then the connection is cut.
  /// When it returns an error the attempt has failed; errc::cancelled, invalid_argument and unsupported end it for good.
  using prepare_function = std::function<task<result<void>>(connection& fresh)>;
  /// How to connect: to another address each time, or with what only a native client can do. The options are those that
  /// were given, with the cancellation_token of this attempt.
  using dial_function = std::function<task<result<connection>>(std::string url, connect_options options)>;

  /// How each connection is made. What connect_options::cancel_on() was given ends it for good with 1000 in whatever phase,
  /// and has to live until then.
  reconnect_options(connect_options connecting = {}) : connecting_(std::move(connecting)) {}
  [[nodiscard]] const connect_options& connecting() const noexcept { return connecting_; }

  /// When it comes back, and when it stays away.
  reconnect_options& policy(reconnect_policy values) { policy_ = std::move(values); return *this; }
  [[nodiscard]] const reconnect_policy& policy() const noexcept { return policy_; }

  reconnect_options& prepare(prepare_function first) { prepare_ = std::move(first); return *this; }
  [[nodiscard]] const prepare_function& prepare() const noexcept { return prepare_; }

  /// twinsocket::connect().
  reconnect_options& dial(dial_function how) { dial_ = std::move(how); return *this; }
  [[nodiscard]] const dial_function& dial() const noexcept { return dial_; }

  /// How much of what is sent while there is no connection, or while the network is behind, is kept until it can go out,
  /// in bytes: 1 MiB. What does not fit waits or is dropped, as send_options::when_full says; 0 keeps nothing.
  reconnect_options& unsent_bytes(std::size_t bytes) { unsent_bytes_ = bytes; return *this; }
  [[nodiscard]] std::size_t unsent_bytes() const noexcept { return unsent_bytes_; }

 private:
  connect_options connecting_;
  reconnect_policy policy_;
  prepare_function prepare_;
  dial_function dial_;
  std::size_t unsent_bytes_ = 1 * mib;
};

/// Messages that were dropped before they reached a connection.
struct lost_messages {
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;

  friend bool operator==(const lost_messages&, const lost_messages&) = default;
};

/// Where a reconnecting client stands, and how it came to be there.
struct reconnect_status {
  reconnect_phase phase = reconnect_phase::connecting;
  /// How many attempts have failed since a connection was stable.
  unsigned failures = 0;
  /// How long it is to the next attempt, in the phases `waiting` and `paused`.
  std::chrono::milliseconds delay{0};
  /// How the last connection ended, where it is that which led here.
  std::optional<close_info> close;
  /// Why there is no connection: what connect(), the prepare function or the lost connection said.
  std::optional<error> why;
  /// What was dropped of what was sent since the last `open`; an `open` tells it for the last time. What a connection had
  /// taken when it was lost may have been lost with it, which only the server can tell: number what must not be lost.
  lost_messages dropped;
};

/// A connection to one server, made anew whenever it is lost. Move-only; destroying it closes it for good with 1000.
///
/// Messages come in the order in which they were sent, with a gap where a connection was lost. Messages go out in the
/// order of the calls; those that are sent while there is no connection go out first when there is one.
///
/// A client that receives too slowly is not connected anew before there is room (limits::inbound_bytes).
class reconnecting_connection : private connection {
 public:
  /// Begins to connect at once, on the event loop of the task that makes it. What is wrong with the address or the
  /// options ends it for good, in the status `closed`.
  explicit reconnecting_connection(std::string url, reconnect_options options = {})
      : reconnecting_connection(std::move(url), std::move(options), twinsocket::connect) {}

  // As those of connection; its time limits and cancellation are there too.

  /// The next message, of whichever connection. It fails only when it is over for good: with errc::closed and the close
  /// code, or with what made another attempt useless.
  using connection::receive;
  /// Waits only while `unsent_bytes` are kept already. send_options::when_full drops when they are; when_full::close
  /// drops all of them and ends it for good with 1013.
  using connection::send;
  using connection::try_send;
  /// Ends it for good, in whatever phase. On an open connection what was sent before still goes out; what waits for a
  /// connection is dropped.
  using connection::close;
  /// Ends it for good without a closing handshake.
  using connection::abort;
  /// Waits until it has ended for good, by either side or for want of success.
  using connection::closed;
  /// True until it has ended for good, or is about to.
  using connection::is_open;
  /// Of the present or the last connection.
  using connection::subprotocol;
  using connection::local_address;
  using connection::remote_address;
  /// What is kept, and what the present connection has not sent yet.
  using connection::buffered_amount;
  /// Of all its connections together.
  using connection::counters;

  /// Where it stands now.
  [[nodiscard]] reconnect_status status() const;

  /// `co_await next_status()` gives the changes one after the other, from the very first one on; errc::closed after the
  /// last. Of changes that nobody asks for the last 32 are kept.
  [[nodiscard]] detail::status_awaiter next_status();

  /// Does not wait any longer for the next attempt.
  void retry_now();
  /// Tells it that there is no network, or that there is one again. Without one the waits are long, and attempts that fail
  /// do not count for reconnect_policy::attempts. With one again the next attempt is made at once, though not within
  /// reconnect_policy::first_delay of the last, and a connection that is open has to prove within 3 s that it is alive.
  /// For a server on this machine (localhost, *.localhost, 127.0.0.0/8, ::1) a network does not matter.
  ///
  /// In a page the browser's own events do this. While the page is hidden the waits are long; when it is shown again,
  /// resumed or taken from the back-forward cache, it is as with a network that is there again.
  void set_online(bool on);

 private:
  // The platform's connect() is named in the header, so that what both platforms share needs neither of them.
  using connect_function = task<result<connection>> (*)(std::string url, connect_options options);
  reconnecting_connection(std::string url, reconnect_options options, connect_function usual);
  [[nodiscard]] detail::reconnecting_state& own() const noexcept;
};

namespace detail {

class status_awaiter : public waiter {
 public:
  explicit status_awaiter(reconnecting_state& client) noexcept;
  status_awaiter(status_awaiter&&) noexcept = default;

  [[nodiscard]] bool await_ready() { return !is_here() || ready(); }
  void await_suspend(std::coroutine_handle<> waiting);
  [[nodiscard]] result<reconnect_status> await_resume();

 private:
  [[nodiscard]] bool ready() override;

  [[nodiscard]] reconnecting_state& client() const noexcept;

  std::optional<reconnect_status> found_;
};

}  // namespace detail

inline detail::status_awaiter reconnecting_connection::next_status() {
  return detail::status_awaiter(own());
}

}  // namespace twinsocket
