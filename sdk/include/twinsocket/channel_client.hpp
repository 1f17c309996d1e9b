#pragma once

// A setter and its getter take one line each.
// clang-format off

// A client of channels, the same natively and in a browser: several subscriptions on one connection that reconnects.
//
//   channel_client client("wss://example.org/channels");
//   channel_subscription news = client.subscribe("news:today");
//   while (auto event = co_await news.next())
//     if (const auto* item = std::get_if<channel_protocol::publication>(&*event)) show(*item);
//
// A subscription survives reconnects. Each publication arrives once and in order, as long as the server still keeps what was
// missed; otherwise the subscription returns a channel_gap in its place.
//
// Threads: everything here is used on the event loop of the task that made the client.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "twinsocket/any_codec.hpp"
#include "twinsocket/channel_protocol.hpp"
#include "twinsocket/close.hpp"
#include "twinsocket/codec.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/reconnect.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

namespace detail {
class channel_client_state;
struct channel_subscription_state;
}  // namespace detail

/// Publications are missing here.
struct channel_gap {
  /// Why the server could not send what was missed.
  enum class cause : std::uint8_t {
    no_history,     ///< The channel keeps none, and the connection was lost.
    epoch_changed,  ///< The server has lost its history.
    trimmed,        ///< The server no longer keeps all that was missed.
  };
  cause why = cause::no_history;  ///< Why they could not be recovered.

  friend bool operator==(const channel_gap&, const channel_gap&) = default;
};

/// What a subscription returns.
using channel_event = std::variant<channel_protocol::publication, channel_gap, channel_protocol::joined, channel_protocol::left>;

/// Options of a channel_client. A plain value.
class channel_client_options {
 public:
  /// The format of the protocol: json or cbor. Default: json.
  channel_client_options& codec(const any_codec& format) { codec_ = format; return *this; }
  [[nodiscard]] const any_codec& codec() const noexcept TWINSOCKET_LIFETIMEBOUND { return codec_; }

  /// Returns the token for each connection. An error fails the attempt to connect; errc::cancelled ends the client for good.
  using token_function = std::function<task<result<std::string>>()>;
  /// Authenticates the client, before anything else is sent on a connection. Default: none; the token is "".
  channel_client_options& token(token_function function) { token_ = std::move(function); return *this; }
  [[nodiscard]] const token_function& token() const noexcept TWINSOCKET_LIFETIMEBOUND { return token_; }

  /// How to connect and reconnect. Its subprotocol and its on_connected() are replaced, and close codes from 3500 to 4999 end
  /// the client for good.
  channel_client_options& reconnect(reconnect_options options) { reconnect_ = std::move(options); return *this; }
  [[nodiscard]] const reconnect_options& reconnect() const noexcept TWINSOCKET_LIFETIMEBOUND { return reconnect_; }

  /// Events that a subscription holds until next() takes them. When there are more they are dropped, and fetched from the
  /// server's history once next() has taken the others. Default: 1,000.
  channel_client_options& queue(std::size_t events) { queue_ = events; return *this; }
  [[nodiscard]] std::size_t queue() const noexcept { return queue_; }

  /// Requests that wait for their response, also while there is no connection. Default: 1,000.
  channel_client_options& max_requests(std::size_t count) { max_requests_ = count; return *this; }
  [[nodiscard]] std::size_t max_requests() const noexcept { return max_requests_; }

  /// How long a request waits for its response, with all reconnects. Then it fails with errc::timed_out. Default: 30 s.
  channel_client_options& request_timeout(std::chrono::milliseconds time) { request_timeout_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds request_timeout() const noexcept { return request_timeout_; }

 private:
  any_codec codec_ = json;
  token_function token_;
  reconnect_options reconnect_;
  std::size_t queue_ = 1'000;
  std::size_t max_requests_ = 1'000;
  std::chrono::milliseconds request_timeout_ = std::chrono::seconds(30);
};

/// A subscription to a channel. Destroying it ends it. Move-only. It may outlive its client.
class [[nodiscard]] channel_subscription {
 public:
  channel_subscription(channel_subscription&&) noexcept;
  channel_subscription& operator=(channel_subscription&&) noexcept;
  ~channel_subscription();

  /// Returns the next event. Fails once the subscription has ended: with errc::invalid_argument or errc::cancelled if the
  /// server refused it, and with the error of the client if that has ended. One next() at a time.
  [[nodiscard]] task<result<channel_event>> next();

  /// The position of the last publication that next() has returned or that is queued. Empty before the server has answered,
  /// and if the channel keeps no history. A later subscription can begin there.
  [[nodiscard]] std::optional<channel_protocol::position> position() const;

 private:
  friend class channel_client;
  channel_subscription(std::shared_ptr<detail::channel_client_state> client, std::shared_ptr<detail::channel_subscription_state> state) noexcept;
  void end() noexcept;

  std::shared_ptr<detail::channel_client_state> client_;
  std::shared_ptr<detail::channel_subscription_state> state_;
};

/// A publication whose message is a T.
template <class T>
struct typed_publication {
  T value;                  ///< The decoded message.
  std::int64_t offset = 0;  ///< Its place in the history; 0 if the channel keeps none.
  std::optional<channel_protocol::member> publisher;  ///< Empty if it was the server.
  std::int64_t time = 0;  ///< When it was published, in milliseconds since 1970 by the server's clock.
};

/// What a typed subscription returns.
template <class T>
using typed_channel_event = std::variant<typed_publication<T>, channel_gap, channel_protocol::joined, channel_protocol::left>;

namespace detail {
/// The message of a publication.
[[nodiscard]] message message_of(const channel_protocol::publication& from);
}  // namespace detail

/// A subscription to a channel of T, decoded by a codec. Made by channel_client::subscribe().
template <class T, class Codec>
class [[nodiscard]] typed_channel_subscription {
 public:
  typed_channel_subscription(channel_subscription from, const Codec& codec) noexcept : untyped_(std::move(from)), codec_(codec) {}

  /// As channel_subscription::next(). The error of a publication that is not a T is the codec's: the subscription goes on, and
  /// next() may be called again.
  [[nodiscard]] task<result<typed_channel_event<T>>> next() { return decode(untyped_.next(), codec_); }
  /// As channel_subscription::position().
  [[nodiscard]] std::optional<channel_protocol::position> position() const { return untyped_.position(); }

 private:
  static task<result<typed_channel_event<T>>> decode(task<result<channel_event>> untyped, Codec codec) {
    result<channel_event> event = co_await std::move(untyped);
    if (!event) co_return event.error();
    if (auto* const one = std::get_if<channel_protocol::publication>(&*event)) {
      result<T> value = codec.template decode<T>(detail::message_of(*one));
      if (!value) co_return value.error();
      co_return typed_channel_event<T>(typed_publication<T>{std::move(*value), one->offset, std::move(one->publisher), one->time});
    }
    if (auto* const one = std::get_if<channel_gap>(&*event)) co_return typed_channel_event<T>(*one);
    if (auto* const one = std::get_if<channel_protocol::joined>(&*event)) co_return typed_channel_event<T>(std::move(*one));
    co_return typed_channel_event<T>(std::get<channel_protocol::left>(std::move(*event)));
  }

  channel_subscription untyped_;
  Codec codec_;
};

/// Connects when it is made. Destroying it closes the connection with 1000 and ends all subscriptions. Move-only.
class channel_client {
 public:
  explicit channel_client(std::string url, channel_client_options options = {}) : channel_client(std::move(url), std::move(options), twinsocket::connect) {}
  channel_client(channel_client&&) noexcept;
  channel_client& operator=(channel_client&&) noexcept;
  ~channel_client();

  /// Subscribes to a channel, after `since` if it is given. One subscription for each channel: a second one fails with
  /// errc::invalid_argument.
  channel_subscription subscribe(std::string channel, std::optional<channel_protocol::position> since = {});

  /// The same for a channel whose publications are T: `client.subscribe<news>("news:today", json)`.
  template <class T, class Codec>
    requires codec_for<Codec, T>
  typed_channel_subscription<T, Codec> subscribe(std::string channel, const Codec& codec, std::optional<channel_protocol::position> since = {}) {
    return {subscribe(std::move(channel), std::move(since)), codec};
  }

  /// Publishes, and waits until the server has it. Repeated on a new connection if the response was lost, and published once
  /// nevertheless. Returns its position if the channel keeps a history. Errors: what the server answered (errc::cancelled if it
  /// does not allow it, errc::invalid_argument), errc::queue_full, errc::timed_out, and the error of a client that has ended.
  /// After errc::timed_out, also because the broker of the server does not answer, it may have been published or not: call it
  /// again with the same `key`, and it is published once. Who may know the key can use it first: it should be random. At most
  /// 128 bytes, remembered by the server for 5 min. Default: a new random one for each call.
  [[nodiscard]] task<result<std::optional<channel_protocol::position>>> publish(std::string channel, message what, std::string key = {});
  [[nodiscard]] task<result<std::optional<channel_protocol::position>>> publish(std::string channel, std::string_view utf8, std::string key = {}) {
    return publish(std::move(channel), message(utf8), std::move(key));
  }
  [[nodiscard]] task<result<std::optional<channel_protocol::position>>> publish(std::string channel, const char* utf8, std::string key = {}) {
    return publish(std::move(channel), message(std::string_view(utf8)), std::move(key));
  }

  /// Encodes a value and publishes it. Fails with the codec's error if it cannot be encoded.
  template <class Codec, class T>
    requires codec_for<Codec, T>
  [[nodiscard]] task<result<std::optional<channel_protocol::position>>> publish(std::string channel, const Codec& codec, const T& value, std::string key = {}) {
    return publish_encoded(std::move(channel), codec.encode(value), std::move(key));
  }

  /// The publications that the server keeps, the oldest first: at most `limit`, 0 for all. For subscribers.
  [[nodiscard]] task<result<channel_protocol::history_response>> history(std::string channel, std::uint32_t limit = 0, std::optional<channel_protocol::position> since = {});
  /// Who is in the channel. For subscribers.
  [[nodiscard]] task<result<std::vector<channel_protocol::member>>> presence(std::string channel);

  /// Who the server takes this client for. Empty before the first connection.
  [[nodiscard]] std::optional<channel_protocol::connect_response> identity() const;

  /// Ends the client for good. Its subscriptions and requests fail with errc::closed.
  void close();
  /// State of the connection: its phase, the failed attempts and the last error.
  [[nodiscard]] reconnect_status status() const;
  /// Starts the next attempt to connect without further delay.
  void retry_now();

 private:
  using connect_function = task<result<connection>> (*)(std::string url, connect_options options);
  [[nodiscard]] task<result<std::optional<channel_protocol::position>>> publish_encoded(std::string channel, result<message> what, std::string key);
  channel_client(std::string url, channel_client_options options, connect_function usual);

  std::shared_ptr<detail::channel_client_state> state_;
};

}  // namespace twinsocket
