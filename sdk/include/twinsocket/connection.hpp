#pragma once

// An open WebSocket.
//
// Threads: a connection lives on the event loop of the task that opened it (its handler, or the task that connected).
// send(), try_send(), close(), closed(), drained(), abort(), is_open() and post() may be called and awaited on any thread,
// any number at a time. receive() fails with errc::wrong_thread on another thread than the loop's; what the other functions
// tell is empty there.
//
// Lifetime: a connection may outlive its event loop. Once the loop has ended everything is refused with errc::closed, and
// destroying the connection does nothing. A coroutine that waits on a connection may be destroyed at any time.
//
// The library reads by itself: pings are answered and the peer's close is seen though nobody receives.

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "twinsocket/close.hpp"
#include "twinsocket/codec.hpp"
#include "twinsocket/counters.hpp"
#include "twinsocket/detail/awaiters.hpp"
#include "twinsocket/detail/explained.hpp"
#include "twinsocket/detail/fatal.hpp"
#include "twinsocket/detail/temporaries.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/prepared_message.hpp"
#include "twinsocket/receive_options.hpp"
#include "twinsocket/send_options.hpp"
#include "twinsocket/send_result.hpp"

namespace twinsocket {

/// Move-only. Destroying an open connection closes it in the background: with 1000 (normal), or with 1011 (internal error)
/// where an exception is what destroys it. Messages sent before still go out, within the close time limit. Whoever still
/// receives on it is told errc::closed. A moved-from connection may only be destroyed or assigned to: anything else ends the
/// program with a sentence.
class connection {
 public:
  connection(connection&&) noexcept = default;
  connection& operator=(connection&& other) noexcept;
  ~connection();

  /// `co_await receive()` gives the next message, in the order in which they came. Once the connection has ended and all
  /// messages are taken, the error is errc::closed with the close code, or what broke the connection.
  [[nodiscard]] detail::receive_awaiter receive() { return detail::receive_awaiter(state()); }

  /// The same with a time limit or cancellation; the error is then errc::timed_out or errc::cancelled.
  [[nodiscard]] detail::limited_receive_awaiter receive(const receive_options& options) {
    return detail::limited_receive_awaiter(state(), options);
  }

  /// `co_await receive<person>(json)` gives the next message's value. A message that does not decode is an error of the
  /// codec's and leaves the connection open: close it with close_code::invalid_payload if that is what it deserves.
  template <class T, codec_for<T> Codec>
  [[nodiscard]] auto receive(const Codec& codec) {
    return detail::decode_awaiter<T, Codec, detail::receive_awaiter>(codec, state());
  }
  template <class T, codec_for<T> Codec>
  [[nodiscard]] auto receive(const Codec& codec, const receive_options& options) {
    return detail::decode_awaiter<T, Codec, detail::limited_receive_awaiter>(codec, state(), options);
  }

  /// Sends a message; messages leave in the order of the calls. `co_await send(...)` waits while the outbound queue is
  /// full (limits::outbound_bytes), unless the options say otherwise. The message and the options are needed only for the
  /// time of the call: what has to wait is copied. Refused with errc::closed, errc::invalid_utf8, errc::message_too_big for a message that is larger than the queue, or
  /// errc::queue_full where the options forbid waiting.
  [[nodiscard]] detail::send_awaiter send(std::string_view utf8) { return {state(), message_kind::text, detail::text_bytes(utf8)}; }
  [[nodiscard]] detail::send_awaiter send(std::string_view utf8, const send_options& options) {
    return {state(), message_kind::text, detail::text_bytes(utf8), &options};
  }
  [[nodiscard]] detail::send_awaiter send(const char* utf8) { return send(std::string_view(utf8)); }
  [[nodiscard]] detail::send_awaiter send(const char* utf8, const send_options& options) {
    return send(std::string_view(utf8), options);
  }
  [[nodiscard]] detail::send_awaiter send(std::u8string_view utf8) { return send(detail::as_chars(utf8)); }
  [[nodiscard]] detail::send_awaiter send(std::u8string_view utf8, const send_options& options) {
    return send(detail::as_chars(utf8), options);
  }
  [[nodiscard]] detail::send_awaiter send(std::span<const std::byte> bytes) {
    return {state(), message_kind::binary, bytes};
  }
  [[nodiscard]] detail::send_awaiter send(std::span<const std::byte> bytes, const send_options& options) {
    return {state(), message_kind::binary, bytes, &options};
  }
  [[nodiscard]] detail::send_awaiter send(std::span<const unsigned char> bytes) { return send(std::as_bytes(bytes)); }
  [[nodiscard]] detail::send_awaiter send(std::span<const unsigned char> bytes, const send_options& options) {
    return send(std::as_bytes(bytes), options);
  }
  [[nodiscard]] detail::send_awaiter send(const message& m) { return {state(), m.kind(), m.bytes()}; }
  [[nodiscard]] detail::send_awaiter send(const message& m, const send_options& options) {
    return {state(), m.kind(), m.bytes(), &options};
  }
  [[nodiscard]] detail::send_awaiter send(const prepared_message& m) { return {state(), m}; }
  [[nodiscard]] detail::send_awaiter send(const prepared_message& m, const send_options& options) {
    return {state(), m, &options};
  }

  /// Encodes a value and sends it; refused with the codec's error where it does not encode.
  template <class Codec, class T>
    requires codec_for<Codec, std::remove_cvref_t<T>>
  [[nodiscard]] detail::send_awaiter send(const Codec& codec, T&& value) {
    check_value<T>();
    return {state(), codec.encode(value)};
  }
  template <class Codec, class T>
    requires codec_for<Codec, std::remove_cvref_t<T>>
  [[nodiscard]] detail::send_awaiter send(const Codec& codec, T&& value, const send_options& options) {
    check_value<T>();
    return {state(), codec.encode(value), &options};
  }

  /// Sends without waiting: where send() would wait, this is refused with errc::queue_full.
  send_result try_send(std::string_view utf8, const send_options& options = {});
  send_result try_send(const char* utf8, const send_options& options = {}) {
    return try_send(std::string_view(utf8), options);
  }
  send_result try_send(std::u8string_view utf8, const send_options& options = {}) {
    return try_send(detail::as_chars(utf8), options);
  }
  send_result try_send(std::span<const std::byte> bytes, const send_options& options = {});
  send_result try_send(std::span<const unsigned char> bytes, const send_options& options = {}) {
    return try_send(std::as_bytes(bytes), options);
  }
  send_result try_send(const message& m, const send_options& options = {});
  send_result try_send(const prepared_message& m, const send_options& options = {});

  /// Begins the closing handshake (RFC 6455 section 7.1.2) after what was sent before; `co_await close()` waits for its end, at most
  /// limits::close_time, and tells how it went. Closing twice is closing once. A code that may not be sent (see
  /// is_sendable) is replaced by 1011, and a reason is cut to 123 bytes. What the peer sends before its own close is still received, and of what nobody
  /// takes, as much is kept as limits::inbound_bytes allows.
  detail::close_awaiter close(close_code code = close_code::normal, std::string_view reason = {});

  /// Cuts the connection without a closing handshake.
  void abort();

  /// `co_await closed()` waits until the connection has ended, whoever ended it.
  [[nodiscard]] detail::close_awaiter closed() { return detail::close_awaiter(state()); }

  /// Runs `work` on the thread of the connection's event loop, in a later turn. False, and the work is destroyed, once that
  /// loop has ended. From any thread.
  bool post(std::function<void()> work) const;

  /// True until either side closes; on another thread until it has closed.
  [[nodiscard]] bool is_open() const noexcept;

  /// The subprotocol that was agreed on, or "".
  [[nodiscard]] const std::string& subprotocol() const& noexcept;
  [[nodiscard]] std::string subprotocol() && { return static_cast<const connection&>(*this).subprotocol(); }

  /// The peer's address for people, such as "127.0.0.1:51234"; "" where the platform does not tell.
  [[nodiscard]] std::string remote_address() const;

  /// This side's address likewise.
  [[nodiscard]] std::string local_address() const;

  /// Bytes sent and not yet taken by the network.
  [[nodiscard]] std::size_t buffered_amount() const noexcept;

  /// `co_await drained()` waits until at most `rest` bytes of what was sent are not taken by the network yet. The error is
  /// that of receive() when the connection ends instead. Browsers are asked every 10 ms.
  [[nodiscard]] detail::drained_awaiter drained(std::size_t rest = 0) { return {state(), rest}; }

  /// The limits that hold now. limits::handshake_time is its default, and so is limits::max_inflate_ratio where nothing is
  /// compressed: neither is kept.
  [[nodiscard]] twinsocket::limits limits() const;

  /// Changes the limits of the open connection: `socket.set_limits(socket.limits().max_message(64 * mib))` once the peer is
  /// known. A message or a frame that has begun is judged by the new limits from its next frame on. Smaller queues drop
  /// nothing that they hold already. The time limits count from where they have begun; that of a close in progress stays.
  void set_limits(const twinsocket::limits& values);

  /// What it has done so far.
  [[nodiscard]] twinsocket::counters counters() const noexcept;

  // What cannot be sent or received, so that the compiler says why in one sentence.
  template <class T>
    requires(!detail::sendable<T>)
  detail::send_awaiter send(const T&) {
    detail::explain_sending<T>();
    return send(std::string_view());
  }
  template <class T>
    requires(!detail::sendable<T>)
  send_result try_send(const T&, const send_options& = {}) {
    detail::explain_sending<T>();
    return try_send(std::string_view());
  }
  template <class Codec, class T>
    requires(!detail::sendable<Codec> && !codec_for<Codec, T> && !std::same_as<T, send_options>)
  detail::send_awaiter send(const Codec& codec, const T& value, const send_options& = {}) {
    detail::explain_encoding(codec, value);
    return send(std::string_view());
  }
  template <class T, class Codec>
    requires(!codec_for<Codec, T> && !std::same_as<Codec, receive_options>)
  auto receive(const Codec& codec) {
    return detail::decode_awaiter<T, detail::explained_codec, detail::receive_awaiter>(
        detail::explain_decoding<T>(codec), *state_);
  }
  template <class T, class Codec>
    requires(!codec_for<Codec, T>)
  auto receive(const Codec& codec, const receive_options& options) {
    return detail::decode_awaiter<T, detail::explained_codec, detail::limited_receive_awaiter>(
        detail::explain_decoding<T>(codec), *state_, options);
  }

  /// For transports: a connection on this state.
  explicit connection(std::shared_ptr<detail::connection_state> state) noexcept : state_(std::move(state)) {}

  /// For what is built on connections below this API.
  [[nodiscard]] detail::connection_state& state() const noexcept {
    if (!state_) detail::fatal("a connection is used after it was moved from");
    return *state_;
  }
  /// The same: gives the state up without closing it. This is then as if it was moved from.
  [[nodiscard]] std::shared_ptr<detail::connection_state> release() noexcept { return std::move(state_); }

 private:
  template <class T>
  static constexpr void check_value() {
    static_assert(detail::safe_in_co_await<T>,
                  "name the value first, as in `const person jan{...}; co_await socket.send(json, jan);`, without "
                  "std::move: g++ before 13 can destroy such a temporary twice inside a co_await expression");
  }

  std::shared_ptr<detail::connection_state> state_;
};

}  // namespace twinsocket
