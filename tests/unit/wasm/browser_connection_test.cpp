// An open connection in a browser.

#include "test.hpp"
#include "browser_client.hpp"

using namespace browser_test;

TEST_CASE("messages are delivered to a pending receive() or kept until the next one") {
  fake_platform platform;
  client dialling;
  platform.open();
  CHECK(platform.deliver("one"));
  CHECK(platform.deliver(""));
  std::vector<std::string> heard;
  browser::spawn(receive_into(dialling.socket(), heard));
  CHECK(heard == std::vector<std::string>{"one", ""});
  CHECK(platform.deliver("three"));
  platform.end(1000, "done");
  CHECK(heard == std::vector<std::string>{"one", "", "three", "end"});
  CHECK(dialling.socket().counters().messages_received == 3);
  CHECK(dialling.socket().counters().bytes_received == 8);
}

TEST_CASE("close() maps the code for the browser and reports the original code") {
  fake_platform platform;
  client dialling;
  platform.open();
  std::optional<close_info> ended;
  browser::spawn(record_close(dialling.socket(), ended));
  dialling.socket().close(close_code::going_away, "enough");
  platform.settle();
  CHECK(platform.close_code == 4001);
  CHECK(platform.close_reason == "enough");
  CHECK(platform.timer_delay == 5000);
  CHECK_FALSE(ended);
  platform.end(4001, "enough");
  CHECK(ended == close_info{close_code::going_away, "enough", true, close_initiator::local});
}

TEST_CASE("close() drops the socket when the peer does not answer within close_timeout") {
  fake_platform platform;
  client dialling;
  platform.open();
  std::optional<close_info> ended;
  browser::spawn(record_close(dialling.socket(), ended));
  dialling.socket().close();
  platform.settle();
  CHECK(platform.timer_delay == 5000);
  platform.advance(5000);
  platform.fire_timer();
  CHECK(platform.dropped);
  CHECK(ended == close_info{close_code::abnormal, "", false, close_initiator::local});
}

TEST_CASE("the destructor closes with 1000 and abort() drops the socket") {
  fake_platform platform;
  client dialling;
  platform.open();
  SECTION("destructor") {
    dialling.outcome.reset();
    platform.settle();
    CHECK(platform.close_code == 1000);
    CHECK_FALSE(platform.dropped);
    platform.end(1000);
  }
  SECTION("abort()") {
    dialling.socket().abort();
    platform.settle();
    CHECK(platform.close_code == 0);
    CHECK(platform.dropped);
    CHECK_FALSE(dialling.socket().is_open());
  }
}

TEST_CASE("a message over max_message_size or a full receive queue closes the connection") {
  fake_platform platform;
  client dialling;
  platform.open();
  SECTION("a message over max_message_size") {
    CHECK_FALSE(platform.deliver(std::string(1001, 'x')));
    CHECK(platform.close_code == 4009);
  }
  SECTION("a full receive queue") {
    CHECK(platform.deliver(large('x')));
    CHECK_FALSE(platform.deliver("y"));
    CHECK(platform.close_code == 4013);
  }
  std::vector<std::string> heard;
  browser::spawn(receive_into(dialling.socket(), heard));
  CHECK(heard.back() == "end");
}

TEST_CASE("send() waits while bufferedAmount is above the limit") {
  fake_platform platform;
  client dialling;
  platform.open();
  std::vector<std::string> notes;
  browser::spawn(send_and_record(dialling.socket(), "first", notes));
  CHECK(notes == std::vector<std::string>{"accepted"});

  platform.buffered = 999'500;
  browser::spawn(send_and_record(dialling.socket(), large('a'), notes));
  browser::spawn(send_and_record(dialling.socket(), large('b'), notes));
  CHECK(notes.size() == 1);
  platform.advance(10);
  CHECK(notes.size() == 1);
  platform.buffered = 500'000;
  platform.advance(10);
  CHECK(notes == std::vector<std::string>{"accepted", "queued", "queued"});
  CHECK(platform.sent == sent_messages{{true, "first"}, {true, large('a')}, {true, large('b')}});
}

TEST_CASE("drained() waits until bufferedAmount is at or below the argument") {
  fake_platform platform;
  client dialling;
  platform.open();
  std::vector<std::string> notes;
  platform.buffered = 500'000;
  browser::spawn([](connection& socket, std::vector<std::string>& seen) -> task<void> {
    if (co_await socket.drained(100'000)) seen.emplace_back("nearly");
    if (co_await socket.drained()) seen.emplace_back("all");
    const auto at_the_end = co_await socket.drained();
    seen.emplace_back(at_the_end ? "drained" : at_the_end.error().message());
  }(dialling.socket(), notes));
  platform.advance(10);
  CHECK(notes.empty());
  platform.buffered = 100'000;
  platform.advance(10);
  CHECK(notes == std::vector<std::string>{"nearly"});
  platform.buffered = 0;
  platform.advance(10);
  CHECK(notes == std::vector<std::string>{"nearly", "all", "drained"});
  CHECK(platform.timer_delay == 24 * 3600 * 1000);
}

TEST_CASE("pending send() calls fail when the connection ends") {
  fake_platform platform;
  client dialling;
  platform.open();
  platform.buffered = 999'500;
  std::vector<std::string> notes;
  browser::spawn(send_and_record(dialling.socket(), large('a'), notes));
  platform.end(1006);
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].find("1006") != std::string::npos);
  CHECK(platform.sent.empty());
}

TEST_CASE("messages with a dropping overflow policy are queued outside the socket while it is congested") {
  fake_platform platform;
  client dialling;
  platform.open();
  connection& socket = dialling.socket();
  browser::spawn([](connection& to) -> task<void> {
    to.try_send("a", send_options().key("k"));
    fake_platform::current->buffered = 300'000;
    to.try_send("b", send_options().key("k"));
    to.try_send("c", send_options().key("k"));
    to.try_send("other", send_options().overflow_policy(overflow_policy::drop_newest));
    co_return;
  }(socket));
  CHECK(platform.sent == sent_messages{{true, "a"}});
  CHECK(socket.counters().dropped == 1);
  SECTION("they are sent when the socket has drained") {
    platform.advance(10);
    CHECK(platform.sent.size() == 1);
    platform.buffered = 0;
    platform.advance(10);
    CHECK(platform.sent == sent_messages{{true, "a"}, {true, "c"}, {true, "other"}});
  }
  SECTION("they are sent before a close") {
    socket.close();
    platform.settle();
    CHECK(platform.sent == sent_messages{{true, "a"}, {true, "c"}, {true, "other"}});
    CHECK(platform.close_code == 1000);
  }
}

TEST_CASE("overflow policies drop the oldest or newest message or close the connection") {
  fake_platform platform;
  client dialling;
  platform.open();
  connection& socket = dialling.socket();
  platform.buffered = 998'000;
  browser::spawn([](connection& to) -> task<void> {
    CHECK(to.try_send(large('a'), send_options().overflow_policy(overflow_policy::drop_oldest)).status() ==
          send_status::queued);
    CHECK(to.try_send(large('b'), send_options().overflow_policy(overflow_policy::drop_oldest)).status() ==
          send_status::queued);
    CHECK(to.try_send(large('c'), send_options().overflow_policy(overflow_policy::drop_oldest)).status() ==
          send_status::queued);
    CHECK(to.try_send(large('d'), send_options().overflow_policy(overflow_policy::drop_newest)).error() ==
          errc::queue_full);
    co_return;
  }(socket));
  CHECK(socket.counters().dropped == 2);
  CHECK(platform.sent.empty());
  SECTION("drop_oldest and drop_newest") {
    platform.buffered = 0;
    platform.advance(10);
    CHECK(platform.sent == sent_messages{{true, large('b')}, {true, large('c')}});
  }
  SECTION("close") {
    browser::spawn([](connection& to) -> task<void> {
      CHECK(to.try_send(large('e'), send_options().overflow_policy(overflow_policy::close)).error() == errc::closed);
      co_return;
    }(socket));
    CHECK(platform.close_code == 4013);
  }
}

TEST_CASE("sleep_for() uses a JavaScript timer and does not resume early") {
  fake_platform platform;
  bool woke = false;
  browser::spawn([](bool& done) -> task<void> {
    co_await sleep_for(std::chrono::milliseconds(50));
    done = true;
  }(woke));
  platform.advance(49);
  CHECK_FALSE(woke);
  platform.advance(1);
  CHECK(woke);
}

TEST_CASE("try_send() outside of a turn sends in order in the next turn") {
  fake_platform platform;
  client dialling;
  platform.open();
  CHECK(dialling.socket().try_send("one").status() == send_status::queued);
  CHECK(dialling.socket().try_send("two").status() == send_status::queued);
  CHECK(platform.sent.empty());
  platform.settle();
  CHECK(platform.sent == sent_messages{{true, "one"}, {true, "two"}});
}

TEST_CASE("negotiated heartbeats are sent, are not delivered and detect a lost server") {
  fake_platform platform;
  const auto alive = keepalive().interval(std::chrono::seconds(5)).timeout(std::chrono::seconds(2));
  client dialling(connect_options().subprotocol("feed").keepalive(alive));
  platform.open("feed+heartbeat");
  connection& socket = dialling.socket();
  CHECK(socket.subprotocol() == "feed");
  std::vector<std::string> heard;
  std::optional<close_info> end;
  browser::spawn(receive_into(socket, heard));
  browser::spawn(record_close(socket, end));
  CHECK(platform.timer_delay == 5000);
  platform.advance(5000);
  platform.fire_timer();
  CHECK(platform.sent == sent_messages{{true, std::string(1, '\0')}});
  CHECK(platform.timer_delay == 2000);
  CHECK_FALSE(platform.deliver(std::string_view("\0", 1)));
  platform.deliver(std::string_view("\0", 1), false);
  CHECK(heard == std::vector<std::string>{std::string(1, '\0')});
  platform.advance(2000);
  platform.fire_timer();
  CHECK(socket.is_open());
  CHECK(platform.timer_delay == 3000);
  platform.advance(3000);
  platform.fire_timer();
  platform.advance(2000);
  platform.fire_timer();
  REQUIRE(end);
  CHECK(*end == close_info{close_code::abnormal, "", false, close_initiator::none});
  CHECK(platform.dropped);
  CHECK(heard.back() == "end");
}

TEST_CASE("without negotiated heartbeats none are sent and a U+0000 message is delivered") {
  std::vector<std::string> heard;
  fake_platform platform;
  client dialling(connect_options().subprotocol("feed"));
  platform.open("feed");
  browser::spawn(receive_into(dialling.socket(), heard));
  platform.deliver(std::string_view("\0", 1));
  CHECK(heard == std::vector<std::string>{std::string(1, '\0')});
  platform.advance(3'600'000);
  CHECK(platform.sent.empty());
}
