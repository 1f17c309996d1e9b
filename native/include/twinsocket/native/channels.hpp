#pragma once

// A setter and its getter take one line each.
// clang-format off

// Channels: clients subscribe to named channels and publish to them, over one connection. What a client missed while it was
// away is sent to it when it comes back. With a broker such as redis_broker() several servers share their channels.
//
//   channels all;
//   all.add("chat", channel_options().history(100).presence(true).client_publish(true));
//   all.serve(server, "/channels");
//   co_await all.publish("chat:lobby", "hello");
//
// The name of a channel is that of a namespace, a colon, and any text: "chat:lobby". Without a colon its namespace is "". A
// namespace that was not added has no channels. Clients speak the subprotocols of channel_protocol.hpp: channel_client in C++,
// and channels() of the npm package.
//
// Threads: publish() and subscribers() may be called on any event loop, add() and serve() before the server runs. The server
// and its handlers may outlive the channels object.

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

#include "twinsocket/codec.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/limits.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/native/broker.hpp"
#include "twinsocket/native/options.hpp"
#include "twinsocket/native/plain_channel.hpp"
#include "twinsocket/native/request.hpp"
#include "twinsocket/native/server.hpp"
#include "twinsocket/send_options.hpp"
#include "twinsocket/task.hpp"

namespace twinsocket {

namespace detail {
class channel_hub;
}  // namespace detail

inline namespace native {

/// Options of the channels of one namespace.
class channel_options {
 public:
  /// Number of publications that each channel keeps, and for how long after the last one. Clients that come back get those
  /// that they missed. Default: 0, 5 min.
  channel_options& history(std::size_t publications, std::chrono::milliseconds time = std::chrono::minutes(5)) {
    history_ = publications;
    history_time_ = time;
    return *this;
  }
  [[nodiscard]] std::size_t history() const noexcept { return history_; }
  /// After the last publication.
  [[nodiscard]] std::chrono::milliseconds history_time() const noexcept { return history_time_; }

  /// Subscribers can ask who is in the channel. Default: false.
  channel_options& presence(bool on) { presence_ = on; return *this; }
  [[nodiscard]] bool presence() const noexcept { return presence_; }

  /// Subscribers are told who joins and leaves. Default: false.
  channel_options& announce_members(bool on) { announce_ = on; return *this; }
  [[nodiscard]] bool announces_members() const noexcept { return announce_; }  ///< What announce_members() has set.

  /// Subscribers may publish. Default: false, only the server does.
  channel_options& client_publish(bool on) { client_publish_ = on; return *this; }
  [[nodiscard]] bool client_publish() const noexcept { return client_publish_; }

  /// Maximum size of what a client publishes, in bytes. Default: 64 KiB.
  channel_options& max_publication_bytes(std::size_t bytes) { max_bytes_ = bytes; return *this; }
  [[nodiscard]] std::size_t max_publication_bytes() const noexcept { return max_bytes_; }

  /// Channels of the namespace with subscribers on this server, so that those of one namespace do not take the place of others.
  /// Default: no limit but channels_options::max_channels().
  channel_options& max_channels(std::size_t count) { max_channels_ = count; return *this; }
  [[nodiscard]] std::size_t max_channels() const noexcept { return max_channels_; }

  /// What becomes of a subscriber that receives too slowly. Default: it is closed with 1013; then it reconnects, and gets what
  /// it missed from the history.
  channel_options& delivery(send_options options) { delivery_ = std::move(options); return *this; }
  [[nodiscard]] const send_options& delivery() const noexcept TWINSOCKET_LIFETIMEBOUND { return delivery_; }

  /// Decides whether a client may do it: return an error to refuse it, whose detail() the client is told. It may wait, but
  /// not longer than channels_options::hook_timeout(). The arguments live until the task ends, and so do the captures of a
  /// lambda.
  using hook = std::function<task<result<void>>(const channel_user& who, std::string_view channel)>;
  /// As hook, with the message.
  using publish_hook = std::function<task<result<void>>(const channel_user& who, std::string_view channel, const message& what)>;
  /// Called before a client becomes a subscriber. Default: everybody may subscribe.
  channel_options& on_subscribe(hook function) { on_subscribe_ = std::move(function); return *this; }
  [[nodiscard]] const hook& on_subscribe() const noexcept TWINSOCKET_LIFETIMEBOUND { return on_subscribe_; }
  /// Called for each message of a client, before it is published. Not for publications of the server. Default: allowed,
  /// where client_publish() is.
  channel_options& on_publish(publish_hook function) { on_publish_ = std::move(function); return *this; }
  [[nodiscard]] const publish_hook& on_publish() const noexcept TWINSOCKET_LIFETIMEBOUND { return on_publish_; }
  /// Called before a client is told who is in the channel. Default: allowed to subscribers, where presence() is.
  channel_options& on_presence(hook function) { on_presence_ = std::move(function); return *this; }
  [[nodiscard]] const hook& on_presence() const noexcept TWINSOCKET_LIFETIMEBOUND { return on_presence_; }

  /// Called with true when a channel gets its first subscriber on this server, and with false when it has lost the last one. For
  /// each channel in this order; the calls for different channels may come on different event loops. Must not wait.
  using occupied_hook = std::function<void(std::string_view channel, bool occupied)>;
  /// For work that a channel needs only while somebody listens. Default: none.
  channel_options& on_occupied(occupied_hook function) { on_occupied_ = std::move(function); return *this; }
  [[nodiscard]] const occupied_hook& on_occupied() const noexcept TWINSOCKET_LIFETIMEBOUND { return on_occupied_; }

 private:
  std::size_t history_ = 0;
  std::chrono::milliseconds history_time_ = std::chrono::minutes(5);
  bool presence_ = false;
  bool announce_ = false;
  bool client_publish_ = false;
  std::size_t max_bytes_ = 64 * kib;
  std::size_t max_channels_ = SIZE_MAX;
  send_options delivery_ = send_options().overflow_policy(overflow_policy::close);
  hook on_subscribe_;
  publish_hook on_publish_;
  hook on_presence_;
  occupied_hook on_occupied_;
};

/// Options of all channels of a server.
class channels_options {
 public:
  /// Decides who a client is, from the token that it shows: an error refuses the connection with close code 3500, after which
  /// clients do not come back. channel_user::client of the result is not used.
  using connect_hook = std::function<task<result<channel_user>>(const request& req, std::string token)>;
  /// Called for the first request of each connection. Default: everybody is allowed, and nobody has a name.
  channels_options& on_connect(connect_hook function) { on_connect_ = std::move(function); return *this; }
  [[nodiscard]] const connect_hook& on_connect() const noexcept TWINSOCKET_LIFETIMEBOUND { return on_connect_; }

  /// How long a hook may take. Default: 5 s.
  channels_options& hook_timeout(std::chrono::milliseconds time) { hook_timeout_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds hook_timeout() const noexcept { return hook_timeout_; }

  /// How long a client may take for its first request. Default: 10 s.
  channels_options& connect_timeout(std::chrono::milliseconds time) { connect_timeout_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds connect_timeout() const noexcept { return connect_timeout_; }

  /// After which time a client whose server has crashed is no longer present. Default: 60 s.
  channels_options& presence_time(std::chrono::milliseconds time) { presence_time_ = time; return *this; }
  [[nodiscard]] std::chrono::milliseconds presence_time() const noexcept { return presence_time_; }

  /// Subscriptions of one connection. Default: 100.
  channels_options& max_subscriptions(std::size_t count) { max_subscriptions_ = count; return *this; }
  [[nodiscard]] std::size_t max_subscriptions() const noexcept { return max_subscriptions_; }

  /// Channels with subscribers on this server. Default: 100,000.
  channels_options& max_channels(std::size_t count) { max_channels_ = count; return *this; }
  [[nodiscard]] std::size_t max_channels() const noexcept { return max_channels_; }

  /// Bytes of a channel's name. Default: 255.
  channels_options& max_name_bytes(std::size_t bytes) { max_name_bytes_ = bytes; return *this; }
  [[nodiscard]] std::size_t max_name_bytes() const noexcept { return max_name_bytes_; }

  /// Publications of one connection in a second. As many may come at once. Default: 100.
  channels_options& max_publications_per_second(double count) { max_rate_ = count; return *this; }
  [[nodiscard]] double max_publications_per_second() const noexcept { return max_rate_; }

 private:
  connect_hook on_connect_;
  std::chrono::milliseconds hook_timeout_ = std::chrono::seconds(5);
  std::chrono::milliseconds connect_timeout_ = std::chrono::seconds(10);
  std::chrono::milliseconds presence_time_ = std::chrono::seconds(60);
  std::size_t max_subscriptions_ = 100;
  std::size_t max_channels_ = 100'000;
  std::size_t max_name_bytes_ = 255;
  double max_rate_ = 100;
};

/// The channels of a server. publish() and subscribers() may be called on any event loop, add() and serve() before the
/// server runs. The server and its handlers may outlive this object.
class channels {
 public:
  explicit channels(std::shared_ptr<broker> where = memory_broker(), channels_options options = {});
  channels(const channels&) = delete;
  channels& operator=(const channels&) = delete;
  ~channels();

  /// Adds a namespace. errc::invalid_argument if it is there already, or if its name has a colon.
  result<void> add(std::string name, channel_options options = {});

  /// Accepts clients on a path of the server, and adds the metrics of these channels to those of the server. Call it after the
  /// namespaces were added. The subprotocols are added to `options`, and limits::max_message_size is reduced to what the
  /// largest allowed publication takes.
  route_result serve(server& on, std::string pattern, websocket_options options = {});
  /// Accepts connections that speak no subprotocol of channels; each takes part in one channel.
  route_result serve(server& on, std::string pattern, plain_channel how, websocket_options options = {});

  /// Publishes from the server. Succeeds when the broker has it; returns its position if the channel keeps a history. A
  /// publication with a `key` that was used in the last 5 min is not published again. The errors are the broker's, and
  /// errc::invalid_argument for a channel that there is not.
  task<result<std::optional<broker_position>>> publish(std::string channel, message what, std::string key = {});
  task<result<std::optional<broker_position>>> publish(std::string channel, std::string_view utf8, std::string key = {}) {
    return publish(std::move(channel), message(utf8), std::move(key));
  }
  task<result<std::optional<broker_position>>> publish(std::string channel, const char* utf8, std::string key = {}) {
    return publish(std::move(channel), message(std::string_view(utf8)), std::move(key));
  }
  /// Encodes a value and publishes it.
  template <class Codec, class T>
    requires codec_for<Codec, T>
  task<result<std::optional<broker_position>>> publish(std::string channel, const Codec& codec, const T& value, std::string key = {}) {
    return publish_encoded(std::move(channel), codec.encode(value), std::move(key));
  }

  /// Subscriptions to a channel on this server.
  [[nodiscard]] std::size_t subscribers(std::string_view channel) const;
  /// What is known of the broker. A broker that nothing was asked of yet is ok.
  [[nodiscard]] broker_health health() const;
  /// Asks the broker whether it works, and waits for its answer for at most `limit`.
  task<broker_health> check_health(std::chrono::milliseconds limit = std::chrono::seconds(1)) const;

 private:
  task<result<std::optional<broker_position>>> publish_encoded(std::string channel, result<message> what, std::string key);

  std::shared_ptr<detail::channel_hub> hub_;
};

}  // namespace native
}  // namespace twinsocket
