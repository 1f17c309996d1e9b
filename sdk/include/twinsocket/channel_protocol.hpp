#pragma once

// The messages of the subprotocols "twinsocket.channels.json" and "twinsocket.channels.cbor", as described structs: C++ and
// TypeScript are generated from them, and another client can be written from them. sdk/README.md has the sequence.
//
// A client sends `client_message`s, each with an `id` of its own; the server answers each with one `response` of the same
// `id`. Everything else that the server sends is an event of a channel. A variant is an object with one member, named after
// the type: {"id":1,"request":{"SubscribeRequest":{"channel":"news:today"}}}.

#include "twinsocket/detail/cxx20.hpp"

#include <boost/describe.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "twinsocket/describe.hpp"

namespace twinsocket::channel_protocol {

inline constexpr std::string_view json_subprotocol = "twinsocket.channels.json";  ///< Each message is a text message.
inline constexpr std::string_view cbor_subprotocol = "twinsocket.channels.cbor";  ///< Each message is a binary message.

/// A place in the history of a channel. `epoch` changes when the history was lost: offsets of two epochs cannot be
/// compared.
struct position {
  std::int64_t offset = 0;  ///< Number of the publication. The first one has 1; 0 is before it.
  std::string epoch;        ///< Identifies the history. Compare it for equality only.

  friend bool operator==(const position&, const position&) = default;
};
BOOST_DESCRIBE_STRUCT(position, (), (offset, epoch))
TWINSOCKET_NAMES(position, type("Position", doc("A place in the history of a channel.")),
                 (offset, required, doc("Number of the publication. The first one has 1; 0 is before it.")),
                 (epoch, required, doc("Changes when the history was lost.")))

/// A connection in a channel.
struct member {
  std::string client;  ///< Identifies the connection.
  std::string user;    ///< Who it is; "" if the server does not know.
  std::string info;    ///< What the server tells of it, in the application's format.

  friend bool operator==(const member&, const member&) = default;
};
BOOST_DESCRIBE_STRUCT(member, (), (client, user, info))
TWINSOCKET_NAMES(member, type("Member", doc("A connection in a channel.")),
                 (client, required, doc("Identifies the connection.")),
                 (user, doc("Who it is, as the server knows; \"\" if it does not.")),
                 (info, omit_empty, doc("What the server tells of it, in the application's format.")))

/// Exactly one of `text` and `data` is set.
struct publication {
  std::int64_t offset = 0;                     ///< Its place in the history; 0 if the channel keeps none.
  std::optional<std::string> text;             ///< A text message.
  std::optional<std::vector<std::byte>> data;  ///< A binary message.
  std::optional<member> publisher;             ///< Empty if it was the server.
  std::int64_t time = 0;                       ///< Milliseconds since 1970, by the server's clock.

  friend bool operator==(const publication&, const publication&) = default;
};
BOOST_DESCRIBE_STRUCT(publication, (), (offset, text, data, publisher, time))
TWINSOCKET_NAMES(publication, type("Publication", doc("A message of a channel: `text` or `data`.")),
                 (offset, omit_empty, doc("Its place in the history; absent if the channel keeps none.")),
                 (text, omit_empty, doc("A text message.")), (data, omit_empty, doc("A binary message.")),
                 (publisher, omit_empty, doc("Who published it; absent if it was the server.")),
                 (time, doc("When it was published, in milliseconds since 1970 by the server's clock.")))

// Requests of the client.

/// The first request of a connection. Answered by connect_response.
struct connect_request {
  std::string token;  ///< Proves who the user is, in a format of the application.
};
BOOST_DESCRIBE_STRUCT(connect_request, (), (token))
TWINSOCKET_NAMES(connect_request, type("ConnectRequest", doc("The first request of a connection.")),
                 (token, omit_empty, doc("Proves to the server who the user is.")))

/// Begins or repeats a subscription. Answered by subscribe_response.
struct subscribe_request {
  std::string channel;            ///< Its full name: "news:today".
  std::optional<position> since;  ///< The last position that the client has seen. Empty: from now on.
};
BOOST_DESCRIBE_STRUCT(subscribe_request, (), (channel, since))
TWINSOCKET_NAMES(subscribe_request, type("SubscribeRequest", doc("Subscribes to a channel.")), (channel, required),
                 (since, omit_empty,
                  doc("The last position that the client has seen. The response has the publications after it.")))

/// Ends a subscription. Answered by unsubscribe_response.
struct unsubscribe_request {
  std::string channel;  ///< A channel to which the client is subscribed.
};
BOOST_DESCRIBE_STRUCT(unsubscribe_request, (), (channel))
TWINSOCKET_NAMES(unsubscribe_request, type("UnsubscribeRequest", doc("Ends a subscription.")), (channel, required))

/// Publishes either `text` or `data`. Answered by publish_response.
struct publish_request {
  std::string channel;                         ///< A channel to which the client is subscribed.
  std::optional<std::string> text;             ///< A text message.
  std::optional<std::vector<std::byte>> data;  ///< A binary message.
  std::string key;                             ///< Makes it safe to repeat the request. At most 128 bytes. "": none.
};
BOOST_DESCRIBE_STRUCT(publish_request, (), (channel, text, data, key))
TWINSOCKET_NAMES(publish_request, type("PublishRequest", doc("Publishes `text` or `data`.")), (channel, required),
                 (text, omit_empty), (data, omit_empty),
                 (key, omit_empty,
                  doc("A request with a key that was used in the last minutes publishes nothing again, and has the "
                      "response of the first.")))

/// Asks for publications that are kept. Answered by history_response.
struct history_request {
  std::string channel;            ///< A channel to which the client is subscribed.
  std::optional<position> since;  ///< Only publications after this position.
  std::uint32_t limit = 0;        ///< At most this many, the oldest first. 0: as many as the server gives.
};
BOOST_DESCRIBE_STRUCT(history_request, (), (channel, since, limit))
TWINSOCKET_NAMES(history_request, type("HistoryRequest", doc("Asks for publications that are kept.")),
                 (channel, required), (since, omit_empty, doc("Only those after this position.")),
                 (limit, omit_empty, doc("At most this many, the oldest first; 0 for as many as the server gives.")))

/// Asks who is in a channel. Answered by presence_response.
struct presence_request {
  std::string channel;  ///< A channel to which the client is subscribed.
};
BOOST_DESCRIBE_STRUCT(presence_request, (), (channel))
TWINSOCKET_NAMES(presence_request, type("PresenceRequest", doc("Asks who is in a channel.")), (channel, required))

/// What a client can ask for.
using request = std::variant<connect_request, subscribe_request, unsubscribe_request, publish_request, history_request,
                             presence_request>;

/// What a client sends.
struct client_message {
  std::uint32_t id = 0;               ///< Not 0, and not that of a request that is still unanswered.
  channel_protocol::request request;  ///< What it asks for.
};
BOOST_DESCRIBE_STRUCT(client_message, (), (id, request))
TWINSOCKET_NAMES(client_message, type("ClientMessage", doc("What a client sends.")),
                 (id, required, doc("Identifies the request on its connection. Not 0.")), (request, required))

// Responses of the server.

/// Why the server has not carried out a request.
enum class failure_code : std::uint8_t {
  bad_request,      ///< The request cannot be carried out as it is.
  not_allowed,      ///< The settings of the channel or a hook forbid it, or the client is not subscribed.
  unknown_channel,  ///< The server has no such channel.
  over_limit,       ///< Too many subscriptions or channels, or a publication or a name that is too large.
  too_fast,         ///< Repeat it later.
  unavailable,      ///< The broker does not answer. Repeat it later.
};
BOOST_DESCRIBE_ENUM(failure_code, bad_request, not_allowed, unknown_channel, over_limit, too_fast, unavailable)
TWINSOCKET_NAMES(failure_code, "FailureCode")

/// Why a request was not carried out.
struct failure {
  failure_code code = failure_code::bad_request;  ///< Tells whether to repeat it.
  std::string reason;                             ///< Human-readable.
};
BOOST_DESCRIBE_STRUCT(failure, (), (code, reason))
TWINSOCKET_NAMES(failure, type("Failure", doc("Why a request was not carried out.")),
                 (code, required, doc("`too_fast` and `unavailable` may be repeated later.")))

/// The server has accepted the client.
struct connect_response {
  std::string client;  ///< Identifies this connection.
  std::string user;    ///< Who the server takes the user for; "" for nobody.
};
BOOST_DESCRIBE_STRUCT(connect_response, (), (client, user))
TWINSOCKET_NAMES(connect_response, "ConnectResponse", (client, required, doc("Identifies this connection.")),
                 (user, omit_empty, doc("Who the server takes the user for.")))

/// What became of `since`.
enum class recovery : std::uint8_t {
  none,           ///< It was not asked for, or the channel keeps no history.
  complete,       ///< All publications after `since` are in the response.
  epoch_changed,  ///< The history was lost.
  trimmed,        ///< Publications after `since` are no longer kept.
};
BOOST_DESCRIBE_ENUM(recovery, none, complete, epoch_changed, trimmed)
TWINSOCKET_NAMES(recovery, type("Recovery", doc("What became of `since`.")))

/// The client is subscribed.
struct subscribe_response {
  channel_protocol::recovery recovery = channel_protocol::recovery::none;  ///< What became of `since`.
  std::optional<channel_protocol::position> position;  ///< Of the last publication; empty without history.
  std::vector<publication> publications;               ///< Those that are still kept after `since`, the oldest first.
};
BOOST_DESCRIBE_STRUCT(subscribe_response, (), (recovery, position, publications))
TWINSOCKET_NAMES(subscribe_response, "SubscribeResponse",
                 (position, omit_empty,
                  doc("That of the last publication. Publications that are pushed before this response arrives follow "
                      "it: those up to this offset are in `publications` or older.")),
                 (publications, omit_empty, doc("Those that are still kept after `since`, the oldest first.")))

/// The subscription has ended.
struct unsubscribe_response {
  std::string channel;  ///< Its full name.
};
BOOST_DESCRIBE_STRUCT(unsubscribe_response, (), (channel))
TWINSOCKET_NAMES(unsubscribe_response, "UnsubscribeResponse")

/// The broker has the publication.
struct publish_response {
  std::optional<channel_protocol::position> position;  ///< Its place; empty if the channel keeps no history.
};
BOOST_DESCRIBE_STRUCT(publish_response, (), (position))
TWINSOCKET_NAMES(publish_response, "PublishResponse",
                 (position, omit_empty, doc("Of the publication; absent if the channel keeps no history.")))

/// What the channel keeps.
struct history_response {
  channel_protocol::position position;    ///< Of the last publication.
  std::vector<publication> publications;  ///< The oldest first.
};
BOOST_DESCRIBE_STRUCT(history_response, (), (position, publications))
TWINSOCKET_NAMES(history_response, "HistoryResponse", (position, doc("That of the last publication.")),
                 (publications, omit_empty, doc("The oldest first.")))

/// Who is in the channel.
struct presence_response {
  std::vector<member> members;  ///< One for each connection, in any order.
};
BOOST_DESCRIBE_STRUCT(presence_response, (), (members))
TWINSOCKET_NAMES(presence_response, "PresenceResponse", (members, omit_empty))

/// What a server can answer.
using response_value = std::variant<failure, connect_response, subscribe_response, unsubscribe_response,
                                    publish_response, history_response, presence_response>;

/// Answers a request.
struct response {
  std::uint32_t id = 0;  ///< That of the request.
  response_value value;  ///< A failure, or what belongs to the request.
};
BOOST_DESCRIBE_STRUCT(response, (), (id, value))
TWINSOCKET_NAMES(response, type("Response", doc("Answers the request with this `id`.")), (id, required),
                 (value, required))

// Events of a channel to which the client is subscribed.

/// A publication, to the subscribers of its channel.
struct published {
  std::string channel;                        ///< Its full name.
  std::string epoch;                          ///< Of the offset; "" if the channel keeps no history.
  channel_protocol::publication publication;  ///< The message, and who has published it.
};
BOOST_DESCRIBE_STRUCT(published, (), (channel, epoch, publication))
TWINSOCKET_NAMES(published, "Published", (channel, required),
                 (epoch, omit_empty, doc("Of the offset. Absent if the channel keeps no history.")),
                 (publication, required))

/// A client has joined the channel.
struct joined {
  std::string channel;              ///< Its full name.
  channel_protocol::member member;  ///< Who has joined.
};
BOOST_DESCRIBE_STRUCT(joined, (), (channel, member))
TWINSOCKET_NAMES(joined, "Joined", (channel, required), (member, required))

/// A client has left the channel.
struct left {
  std::string channel;              ///< Its full name.
  channel_protocol::member member;  ///< Who has left.
};
BOOST_DESCRIBE_STRUCT(left, (), (channel, member))
TWINSOCKET_NAMES(left, "Left", (channel, required), (member, required))

/// The server has ended the subscription.
struct unsubscribed {
  std::string channel;  ///< Its full name.
  std::string reason;   ///< Human-readable.
  bool retry = false;   ///< True if the client should subscribe again, with its last position.
};
BOOST_DESCRIBE_STRUCT(unsubscribed, (), (channel, reason, retry))
TWINSOCKET_NAMES(unsubscribed, type("Unsubscribed", doc("The server has ended the subscription.")), (channel, required),
                 (retry, doc("True if the client should subscribe again.")))

/// What a server sends: a response to a request, or an event of a channel.
using server_message = std::variant<response, published, joined, left, unsubscribed>;

}  // namespace twinsocket::channel_protocol
