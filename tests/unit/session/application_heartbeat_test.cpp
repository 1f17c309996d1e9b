#include "session/application_heartbeat.hpp"

#include <string>
#include <vector>

#include "test.hpp"

using namespace twinsocket::detail;
using twinsocket::message_kind;

TEST_CASE("a heartbeat is the text message U+0000 and nothing else") {
  const auto is = [](message_kind kind, std::string_view payload) {
    return is_heartbeat(kind, std::as_bytes(std::span(payload.data(), payload.size())));
  };
  CHECK(is(message_kind::text, heartbeat_text));
  CHECK_FALSE(is(message_kind::binary, heartbeat_text));
  CHECK_FALSE(is(message_kind::text, ""));
  CHECK_FALSE(is(message_kind::text, "x"));
  CHECK_FALSE(is(message_kind::text, std::string_view("\0\0", 2)));
}

TEST_CASE("the subprotocols with heartbeats are heartbeat and those that end in +heartbeat") {
  for (const auto& [plain, named] :
       {std::pair<std::string, std::string>{"", "heartbeat"}, {"chat", "chat+heartbeat"}}) {
    CHECK(with_heartbeat(plain) == named);
    CHECK(has_heartbeat(named));
    CHECK_FALSE(has_heartbeat(plain));
  }
  CHECK(without_heartbeat("chat+heartbeat") == "chat");
  CHECK(without_heartbeat("chat") == "chat");
  CHECK(without_heartbeat("heartbeat") == "heartbeat");
  CHECK_FALSE(has_heartbeat("heartbeats"));
  CHECK_FALSE(has_heartbeat("+heartbeat2"));
}

TEST_CASE("offer_heartbeats() adds the subprotocols that have no heartbeats with them") {
  using list = std::vector<std::string>;
  CHECK(offer_heartbeats({}) == list{});
  CHECK(offer_heartbeats({"a", "b"}) == list{"a", "b", "a+heartbeat", "b+heartbeat"});
  CHECK(offer_heartbeats({"a+heartbeat", "b", "heartbeat"}) == list{"a+heartbeat", "b", "heartbeat", "b+heartbeat"});
}
