// The client of channels without a connection.

#include "channels/client_machine.hpp"

#include "test.hpp"
#include <optional>
#include <utility>
#include <vector>

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
