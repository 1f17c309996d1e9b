#include "test.hpp"

#include <optional>
#include <string>
#include <thread>

#include "twinsocket/native/run.hpp"
#include "twinsocket/pair.hpp"
#include "twinsocket/prepared_message.hpp"

using namespace twinsocket;

TEST_CASE("send_queue_messages limits empty messages that are sent from another thread") {
  const int taken = native::run([]() -> task<int> {
    auto pair = make_connection_pair(pair_options().limits(limits().send_queue_messages(3)));
    int count = 0;
    std::thread other([&] {
      for (int i = 0; i < 5; ++i) count += static_cast<bool>(pair.client.try_send("")) ? 1 : 0;
    });
    other.join();
    co_return count;
  }());
  REQUIRE(taken == 3);
}

namespace {

/// Runs a function in another thread.
template <class F>
void elsewhere(F function) {
  std::thread other(function);
  other.join();
}

}  // namespace

TEST_CASE("what another thread cannot read of a connection is empty until its loop has ended") {
  std::optional<connection_pair> pair;
  native::run([](auto& out) -> task<void> {
    out.emplace(make_connection_pair(pair_options().limits(limits().max_message_size(100))));
    co_await out->client.send("hello");
    connection& client = out->client;
    elsewhere([&] {
      CHECK(client.is_open());
      CHECK(client.local_address().empty());
      CHECK(client.remote_address().empty());
      CHECK(client.buffered_amount() == 0);
      CHECK(client.limits().max_message_size() == limits().max_message_size());
      CHECK(client.counters().messages_sent == 0);
    });
    CHECK(client.limits().max_message_size() == 100);
    CHECK(client.counters().messages_sent == 1);
  }(pair));
  elsewhere([&] {
    CHECK_FALSE(pair->client.is_open());
    CHECK(pair->client.limits().max_message_size() == 100);
    CHECK(pair->client.counters().messages_sent == 1);
  });
}

TEST_CASE("prepared messages and messages over the limit are handled in the same way from another thread") {
  const std::string received = native::run([]() -> task<std::string> {
    auto pair = make_connection_pair(pair_options().limits(limits().send_queue_bytes(10)));
    const prepared_message news("news");
    elsewhere([&] {
      CHECK(pair.client.try_send(news).status() == send_status::queued);
      CHECK(pair.client.try_send(news, send_options().compress(false)).status() == send_status::queued);
      const send_result full = pair.client.try_send(news);
      CHECK(full.error() == errc::queue_full);
      const send_result large = pair.client.try_send(std::string(11, 'x'));
      CHECK(large.error() == errc::message_too_big);
      CHECK(large.error().detail() ==
            "a message of 11 bytes, the limit of the send queue is 10 bytes and 65536 messages");
    });
    std::string all;
    for (int i = 0; i < 2; ++i) {
      const auto next = co_await pair.server.receive();
      all.append(next->text()).append(" ");
    }
    co_return all;
  }());
  CHECK(received == "news news ");
}
