#pragma once

// A setter and its getter take one line each.
// clang-format off

// Connections that speak no subprotocol of channels take part in one channel each: clients of an older protocol of the
// application, of another library, or a terminal.
//
//   plain_channel rooms([](const request& req) { return "chat:" + std::string(req.parameter("room")); });
//   all.serve(server, "/rooms/{room}", rooms);
//
// By default a client receives what is published in the channel, and publishes each of its own messages. It first receives the
// newest publications that the channel keeps. After the connection to the broker was lost the server asks it for what was missed,
// so that such a client misses nothing that is still kept.
//
// The rules of the namespace and the hooks of channel_options apply. A client that may not subscribe is closed with 1008
// (policy violation) and the reason; one whose message is refused likewise, or with 1007 (invalid payload) by `decode`. It is
// closed with 1013 (try again later) while the broker is unavailable. One that publishes too fast is read more slowly. In
// a channel without client_publish() its messages are ignored.

#include "twinsocket/detail/cxx20.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "twinsocket/detail/lifetime.hpp"
#include "twinsocket/error.hpp"
#include "twinsocket/message.hpp"
#include "twinsocket/native/request.hpp"

namespace twinsocket {
inline namespace native {

/// A connected client, for hooks and for other clients.
struct channel_user {
  std::string client{};  ///< Identifies the connection. Made by the server.
  std::string user{};    ///< Who it is. "" if nobody has said so.
  std::string info{};    ///< Shown to those who see presence, in a format of the application.
};

/// What the subscribers of a channel are told.
struct plain_channel_event {
  /// What has happened. Clients are told of `joined` and `left` if channel_options::announce_members() is set.
  enum class kind : std::uint8_t {
    published,  ///< A message: `content`.
    joined,     ///< `who` has subscribed.
    left,       ///< `who` has unsubscribed, or its connection has ended.
  };

  kind what = kind::published;       ///< What has happened.
  std::string channel;               ///< The full name, with that of the namespace.
  message content;                   ///< What was published; empty otherwise.
  std::optional<channel_user> who;   ///< Nothing if the server has published it.
  std::chrono::milliseconds time{};  ///< Since 1970, by the clock of the publishing server; of this one for joined and left.
};

/// How such connections take part.
class plain_channel {
 public:
  /// Returns the full name of a channel, "chat:lobby", for the request that opened the connection.
  using find_channel = std::function<std::string(const request& req)>;
  /// Returns who has sent the request. The client of the result is not used: the server makes one.
  using find_user = std::function<channel_user(const request& req)>;
  /// Makes the message that the clients of one subprotocol ("" for those without) receive for an event. They receive
  /// nothing if it returns nothing or an error.
  using encoder = std::function<std::optional<result<message>>(const plain_channel_event& event, std::string_view subprotocol)>;
  /// Makes what is published from a message of a client with this subprotocol.
  using decoder = std::function<result<message>(const message& received, std::string_view subprotocol)>;

  /// `channel` names the channel of a connection.
  explicit plain_channel(find_channel channel) : channel_(std::move(channel)) {}
  /// As constructed.
  [[nodiscard]] const find_channel& channel() const noexcept TWINSOCKET_LIFETIMEBOUND { return channel_; }

  /// Says who a client is. Default: nobody.
  plain_channel& user(find_user function) { user_ = std::move(function); return *this; }
  [[nodiscard]] const find_user& user() const noexcept TWINSOCKET_LIFETIMEBOUND { return user_; }

  /// The message for an event, or nothing if clients are not told of it. Called once for each event and each subprotocol that
  /// its subscribers have, and for the history of each new one, on any event loop. Must not wait, or call the channels. Default: what was published, as it is.
  plain_channel& encode(encoder function) { encode_ = std::move(function); return *this; }
  [[nodiscard]] const encoder& encode() const noexcept TWINSOCKET_LIFETIMEBOUND { return encode_; }

  /// What a message of a client publishes. An error closes the connection with 1007. Default: the message as it is.
  plain_channel& decode(decoder function) { decode_ = std::move(function); return *this; }
  [[nodiscard]] const decoder& decode() const noexcept TWINSOCKET_LIFETIMEBOUND { return decode_; }

  /// Publications that a new subscriber receives first; no more than the namespace keeps. Default: all that it keeps.
  plain_channel& history(std::size_t publications) { history_ = publications; return *this; }
  [[nodiscard]] std::size_t history() const noexcept { return history_; }

 private:
  find_channel channel_;
  find_user user_;
  encoder encode_;
  decoder decode_;
  std::size_t history_ = SIZE_MAX;
};

}  // namespace native
}  // namespace twinsocket
