// Messages of a reconnecting client while it has no connection, or a slow one.

#include "test.hpp"
#include "reconnecting_client.hpp"
#include "twinsocket/prepared_message.hpp"

using namespace reconnect_test;

TEST_CASE("messages sent while offline are sent first and in order after reconnecting") {
  manual_loop loop;
  server s;
  s.refuses = error(errc::connect_failed);
  client c(loop, s.options());
  for (const char* text : {"a", "b", "c"}) c.send(text);
  CHECK(c.outcomes == texts{"queued", "queued", "queued"});
  CHECK(c.socket->buffered_amount() == 3);
  s.refuses.reset();
  loop.advance(1s);
  c.send("d");
  CHECK(received_by(loop, s.connections.at(0)) == texts{"a", "b", "c", "d"});
  CHECK(c.last.dropped == dropped_messages{});
}

TEST_CASE("a full offline queue applies the overflow policy of each message") {
  manual_loop loop;
  server s;
  s.refuses = error(errc::connect_failed);
  client c(loop, s.options().offline_queue_bytes(10));
  c.send("1234");
  c.send("5678");
  SECTION("wait") {
    c.send("9012");
    CHECK(c.outcomes.size() == 2);
    s.refuses.reset();
    loop.advance(1s);
    CHECK(c.outcomes.size() == 3);
    CHECK(received_by(loop, s.connections.at(0)) == texts{"1234", "5678", "9012"});
    CHECK(c.last.dropped == dropped_messages{});
  }
  SECTION("drop_newest") {
    c.send("9012", send_options().overflow_policy(overflow_policy::drop_newest));
    CHECK(c.outcomes.back() ==
          "the send queue is full: a message of 4 bytes, the limit of the send queue is 1048576 bytes and 65536 "
          "messages");
    s.refuses.reset();
    loop.advance(1s);
    CHECK(received_by(loop, s.connections.at(0)) == texts{"1234", "5678"});
    CHECK(c.last.dropped == dropped_messages{1, 4});
  }
  SECTION("drop_oldest") {
    c.send("901234", send_options().overflow_policy(overflow_policy::drop_oldest));
    s.refuses.reset();
    loop.advance(1s);
    CHECK(received_by(loop, s.connections.at(0)) == texts{"5678", "901234"});
    CHECK(c.last.dropped == dropped_messages{1, 4});
    CHECK(c.socket->counters().dropped == 1);
    drop_connection(loop, s);
    loop.advance(1min);
    CHECK(c.last.phase == reconnect_phase::open);
    CHECK(c.last.dropped == dropped_messages{});
  }
  SECTION("latest_per_key") {
    const auto by_key = send_options().key("k");
    c.send("9", by_key);
    c.send("0", by_key);
    s.refuses.reset();
    loop.advance(1s);
    CHECK(received_by(loop, s.connections.at(0)) == texts{"1234", "5678", "0"});
  }
}

TEST_CASE("with offline_queue_bytes(0) send() waits for the connection or drops by its overflow policy") {
  manual_loop loop;
  server s;
  s.refuses = error(errc::connect_failed);
  client c(loop, s.options().offline_queue_bytes(0));
  c.send("dropped", send_options().overflow_policy(overflow_policy::drop_oldest));
  c.send("waits");
  CHECK(c.outcomes.size() == 1);
  s.refuses.reset();
  loop.advance(1s);
  CHECK(received_by(loop, s.connections.at(0)) == texts{"waits"});
  CHECK(c.last.dropped == dropped_messages{1, 7});
}

TEST_CASE("queued messages of a lost connection are sent on the next connection") {
  manual_loop loop;
  server s;
  client c(loop, s.options());
  const std::string large(20'000, 'x');
  for (int i = 0; i < 30; ++i) c.send(large + std::to_string(i));
  CHECK(c.outcomes.back() == "queued");
  drop_connection(loop, s);
  loop.advance(1s);
  const texts got = received_by(loop, s.connections.at(0));
  REQUIRE_FALSE(got.empty());
  CHECK(got.size() > 10);
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == large + std::to_string(30 - got.size() + i));
}

TEST_CASE("messages over offline_queue_bytes wait until the network accepts earlier ones") {
  for (const std::size_t bound : {0, 1'000}) {
    manual_loop loop;
    server s;
    client c(loop, s.options().offline_queue_bytes(bound));
    const std::string large(60'000, 'x');
    for (int i = 0; i < 30; ++i) c.send(large + std::to_string(i));
    CHECK(c.outcomes.size() < 30);
    texts got;
    for (int i = 0; i < 30; ++i)
      for (std::string& text : received_by(loop, s.connections[0])) got.push_back(std::move(text));
    CHECK(c.outcomes.size() == 30);
    REQUIRE(got.size() == 30);
    for (std::size_t i = 0; i < 30; ++i) CHECK(got[i] == large + std::to_string(i));
  }
}

TEST_CASE("a receive() timeout ends only the wait and keeps the reconnecting connection") {
  manual_loop loop;
  server s;
  client c(loop, s.options());
  texts output;
  loop.run([](client& self, texts& out) -> task<void> {
    const auto limited = receive_options().timeout(30s);
    out.push_back((co_await self.socket->receive(limited)).error().message());
    const auto then = co_await self.socket->receive(limited);
    out.emplace_back(then->text());
  }(c, output));
  drop_connection(loop, s);
  loop.advance(30s);
  REQUIRE(s.connections.size() == 1);
  on(loop, s.connections[0], [](connection& socket) { socket.try_send("still here"); });
  CHECK(output == texts{"the operation timed out: no message arrived within 30000 ms", "still here"});
}

TEST_CASE("unreceived messages are bounded and delivered before those of the next connection") {
  manual_loop loop;
  server s;
  client c(loop, s.options());
  on(loop, s.connections[0], [](connection& socket) {
    for (int i = 0; i < 100; ++i) socket.try_send(std::string(100, 'x') + std::to_string(i));
  });
  loop.settle();
  CHECK(s.connections[0].buffered_amount() + 4'000 < 100 * 100);
  c.listen();
  loop.settle();
  drop_connection(loop, s);
  loop.advance(1s);
  on(loop, s.connections.at(0), [](connection& socket) { socket.try_send("next"); });
  CHECK(c.heard.size() == 101);
  CHECK(c.heard.back() == "next");
}

TEST_CASE("prepared messages are queued while offline") {
  manual_loop loop;
  server s;
  s.refuses = error(errc::connect_failed);
  client c(loop, s.options().offline_queue_bytes(10));
  const prepared_message news("news");
  std::string refused;
  loop.run([](client& self, const prepared_message& what, std::string& full) -> task<void> {
    self.socket->try_send(what);
    self.socket->try_send(what);
    full = self.socket->try_send(what, send_options().overflow_policy(overflow_policy::drop_newest)).error().message();
    co_return;
  }(c, news, refused));
  CHECK(refused.starts_with("the send queue is full: a message of 4 bytes"));
  CHECK(c.socket->buffered_amount() == 8);
  s.refuses.reset();
  loop.advance(1s);
  CHECK(received_by(loop, s.connections.at(0)) == texts{"news", "news"});
}

TEST_CASE("buffered_amount() counts the messages of the offline queue and of the connection") {
  manual_loop loop;
  server s;
  client c(loop, s.options());
  const std::string large(20'000, 'x');
  for (int i = 0; i < 30; ++i) c.send(large);
  const std::size_t before = c.socket->buffered_amount();
  // What is missing is in the pipe, which holds 64 KiB, and in the queue of the server.
  CHECK(before >= 30 * 20'000 - 3 * 64 * 1024);
  texts got;
  for (int i = 0; i < 10; ++i)
    for (std::string& text : received_by(loop, s.connections[0])) got.push_back(std::move(text));
  CHECK(got.size() == 30);
  CHECK(c.socket->buffered_amount() == 0);
}

TEST_CASE("close() drops and counts the messages that do not fit into the connection's queue") {
  manual_loop loop;
  server s;
  client c(loop,
           reconnect_options(connect_options().limits(limits().receive_queue_bytes(1'000).send_queue_bytes(100'000)))
               .dialer(s.dialer())
               .offline_queue_bytes(1 * mib));
  for (int i = 0; i < 30; ++i) c.send(std::string(20'000, 'x') + std::to_string(i));
  c.act([](reconnecting_connection& socket) { socket.close(); });
  texts got;
  loop.run([](connection& from, texts& to) -> task<void> {
    while (auto m = co_await from.receive()) to.emplace_back(m->text().substr(20'000));
  }(s.connections[0], got));
  const std::size_t dropped = c.socket->counters().dropped;
  CHECK(dropped > 0);
  CHECK(got.size() + dropped == 30);
  for (std::size_t i = 0; i < got.size(); ++i) CHECK(got[i] == std::to_string(i));
}
