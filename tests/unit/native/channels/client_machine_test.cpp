// The client of channels without a connection.

#include "channels/client_machine.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "test.hpp"

namespace {

using twinsocket::errc;
using twinsocket::result;
namespace protocol = twinsocket::channel_protocol;
using protocol::failure_code;

/// A client that has subscribed to "a:x" and published there, and whose messages to the server are in `sent`.
struct publishing_client {
  publishing_client() {
    machine.on_connected();
    sent = machine.take_output();
    protocol::publish_request hello{.channel = "a:x", .text = "hello", .data = {}, .key = {}};
    machine.request(protocol::request(std::move(hello)),
                    [this](result<protocol::response_value> value) { answer = std::move(value); });
    for (auto& one : machine.take_output()) sent.push_back(std::move(one));
  }
  void respond(std::uint32_t id, protocol::response_value value) {
    machine.on_message(protocol::response{id, std::move(value)});
    for (const auto& one : machine.take_postponed()) machine.retry(one);
    sent = machine.take_output();
  }

  twinsocket::detail::channel_client_machine machine{10, 10, "key"};
  twinsocket::detail::channel_client_machine::subscription subscription = machine.subscribe("a:x", {});
  std::vector<protocol::client_message> sent;
  std::optional<result<protocol::response_value>> answer;
};

protocol::published published(std::int64_t offset) {
  protocol::published made{.channel = "a:x", .epoch = "e", .publication = {}};
  made.publication.offset = offset;
  made.publication.text = "hello";
  return made;
}

const protocol::failure unavailable{failure_code::unavailable, ""};
const protocol::failure not_allowed{failure_code::not_allowed, "not subscribed"};
const protocol::subscribe_response subscribed{
    .recovery = {}, .position = protocol::position{0, "e"}, .publications = {}};

}  // namespace

TEST_CASE("what only subscribers may do waits for a subscription that the server cannot make yet", "[client]") {
  publishing_client one;
  REQUIRE(one.sent.size() == 2);
  const std::uint32_t subscribing = one.sent[0].id;
  const protocol::client_message publishing = one.sent[1];
  one.respond(subscribing, unavailable);
  REQUIRE(one.sent.size() == 1);
  const std::uint32_t again = one.sent[0].id;
  one.respond(publishing.id, not_allowed);
  CHECK(one.sent.empty());
  CHECK_FALSE(one.answer.has_value());
  one.respond(again, subscribed);
  REQUIRE(one.sent.size() == 1);
  CHECK(one.sent[0].id == publishing.id);
  CHECK(std::get<protocol::publish_request>(one.sent[0].request).key ==
        std::get<protocol::publish_request>(publishing.request).key);
  SECTION("and is then carried out") {
    one.respond(publishing.id, protocol::publish_response());
    REQUIRE(one.answer.has_value());
    CHECK(one.answer->has_value());
  }
  SECTION("and may still be refused") {
    one.respond(publishing.id, not_allowed);
    REQUIRE(one.answer.has_value());
    CHECK(one.answer->error() == errc::cancelled);
  }
  SECTION("and is repeated on another connection") {
    one.machine.on_disconnected();
    one.machine.on_connected();
    CHECK(one.machine.take_output().size() == 2);
  }
}

TEST_CASE("what is refused to a subscriber fails", "[client]") {
  publishing_client one;
  const std::uint32_t publishing = one.sent[1].id;
  one.respond(one.sent[0].id, subscribed);
  one.respond(publishing, not_allowed);
  REQUIRE(one.answer.has_value());
  CHECK(one.answer->error() == errc::cancelled);
}

TEST_CASE("what waits for a subscription is sent, to be refused, once the subscription has ended", "[client]") {
  publishing_client one;
  const std::uint32_t publishing = one.sent[1].id;
  one.respond(one.sent[0].id, unavailable);
  one.respond(publishing, not_allowed);
  CHECK_FALSE(one.answer.has_value());
  one.machine.unsubscribe(one.subscription);
  const auto sent = one.machine.take_output();
  REQUIRE_FALSE(sent.empty());
  CHECK(std::any_of(sent.begin(), sent.end(), [&](const auto& each) { return each.id == publishing; }));
  one.respond(publishing, not_allowed);
  REQUIRE(one.answer.has_value());
  CHECK(one.answer->error() == errc::cancelled);
}

TEST_CASE("a request does not wait for a subscription whose queue is full", "[client]") {
  twinsocket::detail::channel_client_machine machine{1, 10, "key"};
  const auto slow = machine.subscribe("a:x", {});
  machine.on_connected();
  machine.on_message(protocol::response{machine.take_output().at(0).id, subscribed});
  for (std::int64_t offset : {1, 2}) machine.on_message(published(offset));
  machine.on_disconnected();
  machine.on_connected();
  std::optional<result<protocol::response_value>> answer;
  const std::uint32_t id =
      machine.request(protocol::presence_request{"a:x"}, [&](auto value) { answer = std::move(value); });
  machine.on_message(protocol::response{id, not_allowed});
  REQUIRE(answer.has_value());
  CHECK(answer->error() == errc::cancelled);
}

TEST_CASE("a request of a subscription that has ended concerns no later one of the same channel", "[client]") {
  twinsocket::detail::channel_client_machine machine{3, 10, "key"};
  machine.on_connected();
  const auto first = machine.subscribe("a:x", {});
  machine.unsubscribe(first);
  const auto second = machine.subscribe("a:x", {});
  const auto sent = machine.take_output();
  REQUIRE(sent.size() == 3);
  machine.refuse(sent[0].id, twinsocket::error(errc::message_too_big));
  machine.refuse(sent[0].id, twinsocket::error(errc::queue_full));
  CHECK(machine.take_postponed().empty());
  machine.on_message(protocol::response{sent[2].id, subscribed});
  machine.on_message(published(1));
  CHECK(second->events.try_pop().has_value());
}

TEST_CASE("subscriptions that have ended take no place among the requests that wait", "[client]") {
  twinsocket::detail::channel_client_machine machine{3, 2, "key"};
  machine.on_connected();
  for (int i = 0; i < 10; ++i) machine.unsubscribe(machine.subscribe("a:x", {}));
  CHECK(machine.request(protocol::presence_request{"a:x"}, [](auto) {}) != 0);
}

TEST_CASE("publications that a server repeats are passed on once", "[client]") {
  twinsocket::detail::channel_client_machine machine{10, 10, "key"};
  machine.on_connected();
  const auto one = machine.subscribe("a:x", protocol::position{2, "e"});
  protocol::subscribe_response answer = subscribed;
  answer.recovery = protocol::recovery::complete;
  answer.position->offset = 4;
  for (std::int64_t offset : {1, 3, 3, 2, 4}) answer.publications.push_back(published(offset).publication);
  machine.on_message(protocol::response{machine.take_output().at(0).id, answer});
  std::vector<std::int64_t> offsets;
  while (auto event = one->events.try_pop()) offsets.push_back(std::get<protocol::publication>(*event).offset);
  CHECK(offsets == std::vector<std::int64_t>{3, 4});
}

TEST_CASE("what is kept of a history that goes back is passed on after the gap", "[client]") {
  twinsocket::detail::channel_client_machine machine{10, 10, "key"};
  machine.on_connected();
  const auto one = machine.subscribe("a:x", protocol::position{9, "e"});
  protocol::subscribe_response answer = subscribed;
  answer.recovery = protocol::recovery::epoch_changed;
  answer.position->offset = 2;
  for (std::int64_t offset : {1, 2}) answer.publications.push_back(published(offset).publication);
  machine.on_message(protocol::response{machine.take_output().at(0).id, answer});
  std::size_t events = 0;
  while (one->events.try_pop()) ++events;
  CHECK(events == 3);
}

TEST_CASE("the end of a subscription is not lost among what comes before its response", "[client]") {
  twinsocket::detail::channel_client_machine machine{2, 10, "key"};
  machine.on_connected();
  const auto one = machine.subscribe("a:x", {});
  for (std::int64_t offset : {1, 2, 3}) machine.on_message(published(offset));
  machine.on_message(protocol::unsubscribed{"a:x", "gone", false});
  machine.on_message(protocol::response{machine.take_output().at(0).id, subscribed});
  CHECK(one->at == twinsocket::detail::channel_subscription_state::phase::ended);
  CHECK(one->why == errc::cancelled);
}

TEST_CASE("a response that does not follow what was asked for is a gap, whatever it says", "[client]") {
  for (const auto& position : {std::optional(protocol::position{5, "other"}), std::optional(protocol::position{1, "e"}),
                               std::optional<protocol::position>()}) {
    twinsocket::detail::channel_client_machine machine{10, 10, "key"};
    machine.on_connected();
    const auto one = machine.subscribe("a:x", protocol::position{2, "e"});
    protocol::subscribe_response answer = subscribed;
    answer.recovery = protocol::recovery::complete;
    answer.position = position;
    machine.on_message(protocol::response{machine.take_output().at(0).id, answer});
    const auto event = one->events.try_pop();
    REQUIRE(event.has_value());
    REQUIRE(std::holds_alternative<twinsocket::channel_gap>(*event));
    CHECK(std::get<twinsocket::channel_gap>(*event).why == twinsocket::channel_gap::cause::epoch_changed);
    CHECK(one->last == position);
  }
}
