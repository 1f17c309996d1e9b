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

inline constexpr std::string_view json_subprotocol = "twinsocket.channels.json";
inline constexpr std::string_view cbor_subprotocol = "twinsocket.channels.cbor";

/// A place in the history of a channel. `epoch` changes when the history was lost: offsets of two epochs cannot be
/// compared.
struct position {
  std::int64_t offset = 0;
  std::string epoch;

  friend bool operator==(const position&, const position&) = default;
};
BOOST_DESCRIBE_STRUCT(position, (), (offset, epoch))
TWINSOCKET_NAMES(position, type("Position", doc("A place in the history of a channel.")),
                 (offset, required, doc("Number of the publication. The first one has 1; 0 is before it.")),
                 (epoch, required, doc("Changes when the history was lost.")))

/// A connection in a channel.
struct member {
  std::string client;
  std::string user;
  std::string info;

  friend bool operator==(const member&, const member&) = default;
};
BOOST_DESCRIBE_STRUCT(member, (), (client, user, info))
TWINSOCKET_NAMES(member, type("Member", doc("A connection in a channel.")),
                 (client, required, doc("Identifies the connection.")),
                 (user, doc("Who it is, as the server knows; \"\" if it does not.")),
                 (info, omit_empty, doc("What the server tells of it, in the application's format.")))

/// Exactly one of `text` and `data` is set.
struct publication {
  std::int64_t offset = 0;
  std::optional<std::string> text;
  std::optional<std::vector<std::byte>> data;
  std::optional<member> publisher;
  std::int64_t time = 0;

  friend bool operator==(const publication&, const publication&) = default;
};
BOOST_DESCRIBE_STRUCT(publication, (), (offset, text, data, publisher, time))
TWINSOCKET_NAMES(publication, type("Publication", doc("A message of a channel: `text` or `data`.")),
                 (offset, omit_empty, doc("Its place in the history; absent if the channel keeps none.")),
                 (text, omit_empty, doc("A text message.")), (data, omit_empty, doc("A binary message.")),
                 (publisher, omit_empty, doc("Who published it; absent if it was the server.")),
                 (time, doc("When it was published, in milliseconds since 1970 by the server's clock.")))

// Requests of the client.

struct connect_request {
  std::string token;
};
BOOST_DESCRIBE_STRUCT(connect_request, (), (token))
TWINSOCKET_NAMES(connect_request, type("ConnectRequest", doc("The first request of a connection.")),
                 (token, omit_empty, doc("Proves to the server who the user is.")))

struct subscribe_request {
  std::string channel;
  std::optional<position> since;
};
BOOST_DESCRIBE_STRUCT(subscribe_request, (), (channel, since))
TWINSOCKET_NAMES(subscribe_request, type("SubscribeRequest", doc("Subscribes to a channel.")), (channel, required),
                 (since, omit_empty,
                  doc("The last position that the client has seen. The response has the publications after it.")))

struct unsubscribe_request {
  std::string channel;
};
BOOST_DESCRIBE_STRUCT(unsubscribe_request, (), (channel))
TWINSOCKET_NAMES(unsubscribe_request, type("UnsubscribeRequest", doc("Ends a subscription.")), (channel, required))

struct publish_request {
  std::string channel;
  std::optional<std::string> text;
  std::optional<std::vector<std::byte>> data;
  std::string key;
};
BOOST_DESCRIBE_STRUCT(publish_request, (), (channel, text, data, key))
TWINSOCKET_NAMES(publish_request, type("PublishRequest", doc("Publishes `text` or `data`.")), (channel, required),
                 (text, omit_empty), (data, omit_empty),
                 (key, omit_empty,
                  doc("A request with a key that was used in the last minutes publishes nothing again, and has the "
                      "response of the first.")))

struct history_request {
  std::string channel;
  std::optional<position> since;
  std::uint32_t limit = 0;
};
BOOST_DESCRIBE_STRUCT(history_request, (), (channel, since, limit))
TWINSOCKET_NAMES(history_request, type("HistoryRequest", doc("Asks for publications that are kept.")),
                 (channel, required), (since, omit_empty, doc("Only those after this position.")),
                 (limit, omit_empty, doc("At most this many, the oldest first; 0 for as many as the server gives.")))

struct presence_request {
  std::string channel;
};
BOOST_DESCRIBE_STRUCT(presence_request, (), (channel))
TWINSOCKET_NAMES(presence_request, type("PresenceRequest", doc("Asks who is in a channel.")), (channel, required))

using request = std::variant<connect_request, subscribe_request, unsubscribe_request, publish_request, history_request,
                             presence_request>;

struct client_message {
  std::uint32_t id = 0;
  channel_protocol::request request;
};
BOOST_DESCRIBE_STRUCT(client_message, (), (id, request))
TWINSOCKET_NAMES(client_message, type("ClientMessage", doc("What a client sends.")),
                 (id, required, doc("Identifies the request on its connection. Not 0.")), (request, required))

// Responses of the server.

enum class failure_code : std::uint8_t {
  bad_request,  ///< The request cannot be carried out as it is.
  not_allowed,
  unknown_channel,
  over_limit,
  too_fast,     ///< Repeat it later.
  unavailable,  ///< The broker does not answer. Repeat it later.
};
BOOST_DESCRIBE_ENUM(failure_code, bad_request, not_allowed, unknown_channel, over_limit, too_fast, unavailable)
TWINSOCKET_NAMES(failure_code, "FailureCode")

struct failure {
  failure_code code = failure_code::bad_request;
  std::string reason;
};
BOOST_DESCRIBE_STRUCT(failure, (), (code, reason))
TWINSOCKET_NAMES(failure, type("Failure", doc("Why a request was not carried out.")),
                 (code, required, doc("`too_fast` and `unavailable` may be repeated later.")))

struct connect_response {
  std::string client;
  std::string user;
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

struct subscribe_response {
  channel_protocol::recovery recovery = channel_protocol::recovery::none;
  std::optional<channel_protocol::position> position;
  std::vector<publication> publications;
};
BOOST_DESCRIBE_STRUCT(subscribe_response, (), (recovery, position, publications))
TWINSOCKET_NAMES(subscribe_response, "SubscribeResponse",
                 (position, omit_empty,
                  doc("That of the last publication. Publications that are pushed before this response arrives follow "
                      "it: those up to this offset are in `publications` or older.")),
                 (publications, omit_empty, doc("Those that are still kept after `since`, the oldest first.")))

struct unsubscribe_response {
  std::string channel;
};
BOOST_DESCRIBE_STRUCT(unsubscribe_response, (), (channel))
TWINSOCKET_NAMES(unsubscribe_response, "UnsubscribeResponse")

struct publish_response {
  std::optional<channel_protocol::position> position;
};
BOOST_DESCRIBE_STRUCT(publish_response, (), (position))
TWINSOCKET_NAMES(publish_response, "PublishResponse",
                 (position, omit_empty, doc("Of the publication; absent if the channel keeps no history.")))

struct history_response {
  channel_protocol::position position;
  std::vector<publication> publications;
};
BOOST_DESCRIBE_STRUCT(history_response, (), (position, publications))
TWINSOCKET_NAMES(history_response, "HistoryResponse", (position, doc("That of the last publication.")),
                 (publications, omit_empty, doc("The oldest first.")))

struct presence_response {
  std::vector<member> members;
};
BOOST_DESCRIBE_STRUCT(presence_response, (), (members))
TWINSOCKET_NAMES(presence_response, "PresenceResponse", (members, omit_empty))

using response_value = std::variant<failure, connect_response, subscribe_response, unsubscribe_response,
                                    publish_response, history_response, presence_response>;

struct response {
  std::uint32_t id = 0;
  response_value value;
};
BOOST_DESCRIBE_STRUCT(response, (), (id, value))
TWINSOCKET_NAMES(response, type("Response", doc("Answers the request with this `id`.")), (id, required),
                 (value, required))

// Events of a channel to which the client is subscribed.

struct published {
  std::string channel;
  std::string epoch;
  channel_protocol::publication publication;
};
BOOST_DESCRIBE_STRUCT(published, (), (channel, epoch, publication))
TWINSOCKET_NAMES(published, "Published", (channel, required),
                 (epoch, omit_empty, doc("Of the offset. Absent if the channel keeps no history.")),
                 (publication, required))

struct joined {
  std::string channel;
  channel_protocol::member member;
};
BOOST_DESCRIBE_STRUCT(joined, (), (channel, member))
TWINSOCKET_NAMES(joined, "Joined", (channel, required), (member, required))

struct left {
  std::string channel;
  channel_protocol::member member;
};
BOOST_DESCRIBE_STRUCT(left, (), (channel, member))
TWINSOCKET_NAMES(left, "Left", (channel, required), (member, required))

struct unsubscribed {
  std::string channel;
  std::string reason;
  bool retry = false;
};
BOOST_DESCRIBE_STRUCT(unsubscribed, (), (channel, reason, retry))
TWINSOCKET_NAMES(unsubscribed, type("Unsubscribed", doc("The server has ended the subscription.")), (channel, required),
                 (retry, doc("True if the client should subscribe again.")))

using server_message = std::variant<response, published, joined, left, unsubscribed>;

}  // namespace twinsocket::channel_protocol
