// How publications of channels reach connections, without a network.

#include "test.hpp"
#include "channels/channel_hub.hpp"
#include "manual_loop.hpp"
#include "server/recording_subscriber.hpp"

using twinsocket::channel_options;
using twinsocket::subscription;
using twinsocket::task;
using twinsocket::detail::channel_hub;

namespace protocol = twinsocket::channel_protocol;

namespace {

/// The texts of unmasked frames of less than 126 bytes, one after the other.
std::vector<std::string> texts_of(std::string_view frames) {
  std::vector<std::string> all;
  while (frames.size() >= 2) {
    const auto size = static_cast<unsigned char>(frames[1]);
    REQUIRE(static_cast<unsigned char>(frames[0]) == 0x81);
    REQUIRE(size < 126);
    REQUIRE(frames.size() >= 2u + size);
    all.emplace_back(frames.substr(2, size));
    frames.remove_prefix(2u + size);
  }
  return all;
}

}  // namespace

TEST_CASE("what is published in one turn, in all channels of a connection, is sent in one write") {
  manual_loop own_loop;
  const auto broker = twinsocket::memory_broker();
  const auto hub = std::make_shared<channel_hub>(broker, twinsocket::channels_options());
  broker->set_listener(hub);
  REQUIRE(hub->add("a", {}).has_value());
  recording_subscriber one(own_loop);
  std::vector<subscription> listening;
  own_loop.run([](auto& of, auto& to, auto& all) -> task<void> {
    for (const char* name : {"a:1", "a:2"})
      all.push_back(of.listen(to.socket, twinsocket::json, name, twinsocket::send_options()));
    co_return;
  }(*hub, one, listening));
  own_loop.run([](auto& of) -> task<void> {
    for (const char* name : {"a:1", "a:2", "a:1"}) {
      protocol::publication what;
      what.text = "x";
      const auto made = co_await of.publish(name, std::move(what), "");
      REQUIRE(made.has_value());
    }
  }(*hub));
  const auto writes = one.writes();
  REQUIRE(writes.size() == 1);
  const auto sent = texts_of(writes.front());
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].find("a:1") != std::string::npos);
  CHECK(sent[1].find("a:2") != std::string::npos);
  CHECK(sent[2] == sent[0]);
  own_loop.run([](auto& all) -> task<void> {
    all.clear();
    co_return;
  }(listening));
}
