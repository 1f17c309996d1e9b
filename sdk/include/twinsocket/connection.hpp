#pragma once

// An open WebSocket connection.
//
// Threads: a connection belongs to the event loop of the task that opened it (its handler, or the task that connected).
// send(), try_send(), close(), closed(), drained(), abort(), is_open() and post() may be called and awaited on any
// thread, by several at once. receive() fails with errc::wrong_thread on any thread but the loop's. The other functions
// return empty values there.
//
// Lifetime: a connection may outlive its event loop. Once the loop has ended every operation fails with errc::closed,
// and destroying the connection does nothing. A coroutine that waits on a connection may be destroyed at any time.
//
// The library reads in the background: pings are answered and the peer's close is seen even if no receive() is pending.

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
#include "twinsocket/detail/fatal.hpp"
#include "twinsocket/detail/send_checks.hpp"
#include "twinsocket/detail/temporaries.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/prepared_message.hpp"
#include "twinsocket/receive_options.hpp"
#include "twinsocket/send_options.hpp"
#include "twinsocket/send_result.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

/// Move-only. Destroying an open connection closes it in the background: with 1000 (normal), or with 1011 (internal
/// error) during stack unwinding. Messages sent before are still transmitted, within the close timeout. Pending
/// receives fail with errc::closed. A moved-from connection may only be destroyed or assigned to; any other use aborts
/// the program with an error message.
class connection {
 public:
  connection(connection&&) noexcept = default;
  connection& operator=(connection&& other) noexcept;
  ~connection();

  /// `co_await receive()` returns the next message, in order of arrival. Once the connection has ended and all messages
  /// are received, it fails with errc::closed and the close code, or with the error that broke the connection.
  [[nodiscard]] detail::receive_awaiter receive() { return detail::receive_awaiter(state()); }

  /// The same with a timeout or cancellation, which fail with errc::timed_out or errc::cancelled.
  [[nodiscard]] detail::timed_receive_awaiter receive(const receive_options& options) {
    return detail::timed_receive_awaiter(state(), options);
  }

  /// `co_await receive<std::string>(text)` returns the value of the next message, decoded by a codec: json.hpp, xml.hpp
  /// and cbor.hpp have codecs of structs. If decoding fails it returns the codec's error, and the connection stays open.
  /// To reject the peer close with close_code::invalid_payload.
  template <class T, codec_for<T> Codec>
  [[nodiscard]] auto receive(const Codec& codec) {
    return detail::decode_awaiter<T, Codec, detail::receive_awaiter>(codec, state());
  }
  template <class T, codec_for<T> Codec>
  [[nodiscard]] auto receive(const Codec& codec, const receive_options& options) {
    return detail::decode_awaiter<T, Codec, detail::timed_receive_awaiter>(codec, state(), options);
  }

  /// Sends a message. Messages are transmitted in the order of the calls. `co_await send(...)` suspends while the send
  /// queue is full (limits::send_queue_bytes), unless the options say otherwise. The message and the options need to live
  /// only until send() returns: a message that has to wait is copied. Errors: errc::closed, errc::invalid_utf8,
  /// errc::message_too_big for a message larger than the queue, errc::queue_full if the options forbid waiting.
  [[nodiscard]] detail::send_awaiter send(std::string_view utf8) {
    return {state(), message_kind::text, detail::text_bytes(utf8)};
  }
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
  [[nodiscard]] detail::send_awaiter send(const message& m) { return {state(), m}; }
  [[nodiscard]] detail::send_awaiter send(const message& m, const send_options& options) {
    return {state(), m, &options};
  }
  [[nodiscard]] detail::send_awaiter send(const prepared_message& m) { return {state(), m}; }
  [[nodiscard]] detail::send_awaiter send(const prepared_message& m, const send_options& options) {
    return {state(), m, &options};
  }

  /// Encodes a value and sends it. Fails with the codec's error if encoding fails.
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

  /// Sends without suspending. Fails with errc::queue_full where send() would suspend.
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

  /// Starts the closing handshake (RFC 6455 section 7.1.2) after the messages sent before. `co_await close()` waits
  /// until it completes, for at most limits::close_timeout, and returns how the connection ended. Closing again changes
  /// nothing. A code that may not be sent (see is_sendable) is replaced by 1011, and a reason is truncated to 123
  /// bytes. Messages that the peer sends before its own close frame are still received. Those that no receive() takes
  /// are queued up to limits::receive_queue_bytes.
  detail::close_awaiter close(close_code code = close_code::normal, std::string_view reason = {});

  /// Drops the connection without a closing handshake.
  void abort();

  /// `co_await closed()` waits until the connection has ended, whichever side ended it.
  [[nodiscard]] detail::close_awaiter closed() { return detail::close_awaiter(state()); }

  /// Runs `work` on the thread of the connection's event loop, in a later turn. Returns false and destroys `work` once
  /// that loop has ended. From any thread.
  bool post(std::function<void()> work) const;

  /// True until either side starts to close; on another thread, until the connection is closed.
  [[nodiscard]] bool is_open() const noexcept;

  /// The negotiated subprotocol, or "".
  [[nodiscard]] const std::string& subprotocol() const& noexcept;
  [[nodiscard]] std::string subprotocol() && { return static_cast<const connection&>(*this).subprotocol(); }

  /// The peer's address in human-readable form, such as "127.0.0.1:51234"; "" if the platform does not provide it.
  [[nodiscard]] std::string remote_address() const;

  /// The local address, in the same form.
  [[nodiscard]] std::string local_address() const;

  /// Bytes sent and not yet accepted by the network.
  [[nodiscard]] std::size_t buffered_amount() const noexcept;

  /// `co_await drained()` waits until the network has accepted all but `rest` bytes of what was sent. Fails like
  /// receive() if the connection ends first. In browsers the amount is polled every 10 ms.
  [[nodiscard]] detail::drained_awaiter drained(std::size_t rest = 0) { return {state(), rest}; }

  /// The current limits. limits::handshake_timeout is its default, and so is limits::max_inflate_ratio without
  /// compression: neither is stored.
  [[nodiscard]] twinsocket::limits limits() const;

  /// Changes the limits of the open connection: `socket.set_limits(socket.limits().max_message_size(64 * mib))` once the
  /// peer is known. The new limits apply to a message or frame in progress from its next frame on. Shrinking a queue
  /// drops no messages. A running timeout keeps its start time. The timeout of a close in progress does not change.
  void set_limits(const twinsocket::limits& values);

  /// The traffic counters.
  [[nodiscard]] twinsocket::counters counters() const noexcept;

  // For types that cannot be sent or received: the compiler reports one clear error.
  template <class T>
  requires(!detail::sendable<T>) detail::send_awaiter send(const T&) {
    detail::check_sendable<T>();
    return send(std::string_view());
  }
  template <class T>
  requires(!detail::sendable<T>) send_result try_send(const T&, const send_options& = {}) {
    detail::check_sendable<T>();
    return try_send(std::string_view());
  }
  template <class Codec, class T>
  requires(!detail::sendable<Codec> && !codec_for<Codec, T> && !std::same_as<T, send_options>) detail::send_awaiter
      send(const Codec& codec, const T& value, const send_options& = {}) {
    detail::check_encodable(codec, value);
    return send(std::string_view());
  }
  template <class T, class Codec>
  requires(!codec_for<Codec, T> && !std::same_as<Codec, receive_options>) auto receive(const Codec& codec) {
    return detail::decode_awaiter<T, detail::invalid_codec, detail::receive_awaiter>(detail::check_decodable<T>(codec),
                                                                                     *state_);
  }
  template <class T, class Codec>
  requires(!codec_for<Codec, T>) auto receive(const Codec& codec, const receive_options& options) {
    return detail::decode_awaiter<T, detail::invalid_codec, detail::timed_receive_awaiter>(
        detail::check_decodable<T>(codec), *state_, options);
  }

  /// For transports: a connection with this state.
  explicit connection(std::shared_ptr<detail::connection_state> state) noexcept : state_(std::move(state)) {}

  /// For library layers below this API.
  [[nodiscard]] detail::connection_state& state() const noexcept {
    if (!state_) detail::fatal("a connection is used after it was moved from");
    return *state_;
  }
  /// The same; gives up the state without closing. The connection is then moved-from.
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
