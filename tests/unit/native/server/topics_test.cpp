// Topics without a network: which connections receive what, in how many writes.

#include "twinsocket/native/topics.hpp"

#include "test.hpp"
#include "deflate/zlib_engine.hpp"
#include "manual_loop.hpp"
#include "recording_subscriber.hpp"

using twinsocket::errc;
using twinsocket::overflow_policy;
using twinsocket::prepared_message;
using twinsocket::publish_options;
using twinsocket::send_options;
using twinsocket::subscription;
using twinsocket::topic_options;
using twinsocket::topics;

namespace {

using texts = std::vector<std::string>;

// An unmasked frame of a short text.
std::string frame(const std::string& text) { return std::string("\x81") + static_cast<char>(text.size()) + text; }

// Runs a function within an iteration of the loop.
template <class F>
void run_on_loop(manual_loop& own_loop, F function) {
  {
    const twinsocket::detail::loop::turn turn(own_loop, own_loop.time());
    function();
  }
  own_loop.settle();
}

}  // namespace

TEST_CASE("messages published in one turn reach each subscriber in one write") {
  manual_loop own_loop;
  topics news;
  recording_subscriber one(own_loop);
  recording_subscriber two(own_loop);
  recording_subscriber other(own_loop);
  std::vector<subscription> listening;
  run_on_loop(own_loop, [&] {
    listening.push_back(news.subscribe(one.socket, "a"));
    listening.push_back(news.subscribe(two.socket, "a"));
    listening.push_back(news.subscribe(other.socket, "b"));
  });
  run_on_loop(own_loop, [&] {
    for (const char* text : {"x", "y", "z"}) CHECK(news.publish("a", text));
  });
  CHECK(one.writes() == texts{frame("x") + frame("y") + frame("z")});
  CHECK(two.writes() == texts{frame("x") + frame("y") + frame("z")});
  CHECK(other.writes().empty());
  run_on_loop(own_loop, [&] { listening.clear(); });
}

TEST_CASE("messages published outside of the event loop are sent together in its next turn") {
  manual_loop own_loop;
  topics news;
  recording_subscriber one(own_loop);
  subscription listening;
  run_on_loop(own_loop, [&] { listening = news.subscribe(one.socket, "a"); });
  news.publish("a", "x");
  news.publish("a", "y");
  CHECK(one.writes().empty());
  own_loop.settle();
  CHECK(one.writes() == texts{frame("x") + frame("y")});
  run_on_loop(own_loop, [&] { listening.reset(); });
}

TEST_CASE("messages of several topics are sent in publishing order in one write") {
  manual_loop own_loop;
  topics news;
  recording_subscriber one(own_loop);
  std::vector<subscription> listening;
  run_on_loop(own_loop, [&] {
    listening.push_back(news.subscribe(one.socket, "a"));
    listening.push_back(news.subscribe(one.socket, "b"));
  });
  run_on_loop(own_loop, [&] {
    news.publish("a", "1");
    news.publish("b", "2");
    one.socket.try_send("mine");
    news.publish("a", "3");
  });
  CHECK(one.writes() == texts{frame("mine") + frame("1") + frame("2") + frame("3")});
  run_on_loop(own_loop, [&] { listening.clear(); });
}

TEST_CASE("publish_options::exclude() skips a connection") {
  manual_loop own_loop;
  topics news;
  recording_subscriber speaker(own_loop);
  recording_subscriber listener(own_loop);
  std::vector<subscription> listening;
  run_on_loop(own_loop, [&] {
    listening.push_back(news.subscribe(speaker.socket, "a"));
    listening.push_back(news.subscribe(listener.socket, "a"));
  });
  run_on_loop(own_loop, [&] {
    news.publish("a", "x", publish_options().exclude(speaker.socket));
    news.publish("a", "y");
  });
  CHECK(speaker.writes() == texts{frame("y")});
  CHECK(listener.writes() == texts{frame("x") + frame("y")});
  run_on_loop(own_loop, [&] { listening.clear(); });
}

TEST_CASE("a subscription receives only messages published during its lifetime") {
  manual_loop own_loop;
  topics news;
  recording_subscriber early(own_loop);
  recording_subscriber late(own_loop);
  subscription first;
  subscription second;
  run_on_loop(own_loop, [&] { first = news.subscribe(early.socket, "a"); });
  run_on_loop(own_loop, [&] {
    news.publish("a", "before");
    second = news.subscribe(late.socket, "a");
    news.publish("a", "with both");
  });
  CHECK(late.writes() == texts{frame("with both")});
  run_on_loop(own_loop, [&] {
    news.publish("a", "in the turn of the end");
    first.reset();
    CHECK_FALSE(first);
  });
  CHECK(early.writes() == texts{frame("before") + frame("with both")});
  CHECK(late.writes() == texts{frame("in the turn of the end")});
  CHECK(news.subscribers("a") == 1);
  run_on_loop(own_loop, [&] { second.reset(); });
  CHECK(news.subscribers("a") == 0);
}

TEST_CASE("a connection that ends is unsubscribed while the subscription object exists") {
  manual_loop own_loop;
  topics news;
  recording_subscriber one(own_loop);
  subscription listening;
  run_on_loop(own_loop, [&] { listening = news.subscribe(one.socket, "a"); });
  CHECK(news.subscribers("a") == 1);
  CHECK(listening);
  run_on_loop(own_loop, [&] { one.socket.abort(); });
  CHECK(news.subscribers("a") == 0);
  CHECK_FALSE(listening);
  run_on_loop(own_loop, [&] { CHECK_FALSE(news.subscribe(one.socket, "a")); });
  CHECK(news.publish("a", "to nobody"));
}

TEST_CASE("subscriptions may outlive the topics and topics may outlive an event loop") {
  topics longer;
  {
    manual_loop own_loop;
    recording_subscriber one(own_loop);
    auto shorter = std::make_unique<topics>();
    subscription first;
    subscription second;
    run_on_loop(own_loop, [&] {
      first = shorter->subscribe(one.socket, "a");
      second = longer.subscribe(one.socket, "a");
    });
    shorter->publish("a", "x");
    longer.publish("a", "y");
    shorter.reset();
    run_on_loop(own_loop, [&] {
      first.reset();
      second.reset();
    });
  }
  CHECK(longer.publish("a", "z"));
  CHECK(longer.subscribers("a") == 0);
}

TEST_CASE("a new subscriber receives the history first and each message once") {
  manual_loop own_loop;
  topics news(topic_options().history(2));
  recording_subscriber early(own_loop);
  recording_subscriber late(own_loop);
  std::vector<subscription> listening;
  run_on_loop(own_loop, [&] { listening.push_back(news.subscribe(early.socket, "a")); });
  for (const char* text : {"1", "2", "3"}) news.publish("a", text);
  // Messages that are still being delivered when a connection subscribes reach it as history.
  run_on_loop(own_loop, [&] { listening.push_back(news.subscribe(late.socket, "a")); });
  run_on_loop(own_loop, [&] { news.publish("a", "4", publish_options().retain(false)); });
  std::string heard;
  for (const std::string& write : late.writes()) heard += write;
  CHECK(heard == frame("2") + frame("3") + frame("4"));

  recording_subscriber later(own_loop);
  run_on_loop(own_loop, [&] { listening.push_back(news.subscribe(later.socket, "a")); });
  CHECK(later.writes() == texts{frame("2") + frame("3")});

  run_on_loop(own_loop, [&] { listening.clear(); });
  recording_subscriber after(own_loop);
  run_on_loop(own_loop, [&] { listening.push_back(news.subscribe(after.socket, "a")); });
  CHECK(after.writes().empty());
  run_on_loop(own_loop, [&] { listening.clear(); });
}

TEST_CASE("history_bytes limits the history") {
  manual_loop own_loop;
  topics news(topic_options().history(10).history_bytes(8));
  recording_subscriber early(own_loop);
  recording_subscriber late(own_loop);
  std::vector<subscription> listening;
  run_on_loop(own_loop, [&] { listening.push_back(news.subscribe(early.socket, "a")); });
  for (const char* text : {"1234", "5678", "90"}) news.publish("a", text);
  run_on_loop(own_loop, [&] { listening.push_back(news.subscribe(late.socket, "a")); });
  CHECK(late.writes() == texts{frame("5678") + frame("90")});
  news.publish("a", "more than eight");
  run_on_loop(own_loop, [&] { listening.erase(listening.begin() + 1); });
  recording_subscriber after(own_loop);
  run_on_loop(own_loop, [&] { listening.push_back(news.subscribe(after.socket, "a")); });
  CHECK(after.writes().empty());
  run_on_loop(own_loop, [&] { listening.clear(); });
}

TEST_CASE("a slow subscriber is handled by its overflow policy without delaying others") {
  struct row {
    send_options policy;
    texts heard;
    bool open;
  };
  const auto r = GENERATE(
      row{send_options().queue_limit(10).overflow_policy(overflow_policy::drop_newest), {"a1", "a2", "a3"}, true},
      row{send_options().queue_limit(10).overflow_policy(overflow_policy::drop_oldest), {"a2", "a3", "a4"}, true},
      row{send_options().queue_limit(10).key("a"), {"a4"}, true},
      row{send_options().queue_limit(10).overflow_policy(overflow_policy::close), {}, false},
      row{send_options().queue_limit(10), {}, false});
  manual_loop own_loop;
  topics news;
  recording_subscriber slow(own_loop);
  recording_subscriber quick(own_loop);
  std::vector<subscription> listening;
  run_on_loop(own_loop, [&] {
    listening.push_back(news.subscribe(slow.socket, "a", r.policy));
    listening.push_back(news.subscribe(quick.socket, "a"));
  });
  slow.limit_writes(2);
  run_on_loop(own_loop, [&] { news.publish("a", "a0a0"); });
  CHECK(slow.writes() == texts{std::string("\x81\x04", 2)});
  for (const char* text : {"a1", "a2", "a3", "a4"}) run_on_loop(own_loop, [&] { news.publish("a", text); });
  CHECK(quick.writes() == texts{frame("a0a0"), frame("a1"), frame("a2"), frame("a3"), frame("a4")});
  CHECK(slow.socket.is_open() == r.open);
  CHECK(slow.writes().empty());

  slow.limit_writes(1000);
  run_on_loop(own_loop, [&] { slow.state().on_writable(); });
  std::string heard;
  for (const std::string& write : slow.writes()) heard += write;
  std::string wanted = "a0a0";
  for (const std::string& text : r.heard) wanted += frame(text);
  CHECK(heard.substr(0, wanted.size()) == wanted);
  if (!r.open) CHECK(heard.substr(wanted.size(), 4) == std::string("\x88\x1e\x03\xf5"));
  run_on_loop(own_loop, [&] { listening.clear(); });
}

TEST_CASE("messages that exceed queue_limit together are queued individually by the overflow policy") {
  manual_loop own_loop;
  topics news;
  recording_subscriber one(own_loop);
  subscription listening;
  run_on_loop(own_loop, [&] {
    listening =
        news.subscribe(one.socket, "a", send_options().queue_limit(30).overflow_policy(overflow_policy::drop_newest));
  });
  const std::string text(20, 'x');
  run_on_loop(own_loop, [&] {
    for (int i = 0; i < 3; ++i) news.publish("a", text);
  });
  CHECK(one.writes() == texts{frame(text)});
  CHECK(one.socket.counters().dropped == 2);
  run_on_loop(own_loop, [&] { listening.reset(); });
}

TEST_CASE("a published message is compressed once for equal parameters and sent plain to the others") {
  manual_loop own_loop;
  topics news;
  const auto& engine = twinsocket::detail::zlib_engine(6, 8);
  twinsocket::detail::compression_setup alone{.engine = &engine, .agreed = {}, .threshold = 50};
  alone.agreed.server_no_context_takeover = true;
  twinsocket::detail::compression_setup in_context{.engine = &engine, .agreed = {}, .threshold = 50};
  recording_subscriber one(own_loop, {}, alone);
  recording_subscriber two(own_loop, {}, alone);
  recording_subscriber with_context(own_loop, {}, in_context);
  recording_subscriber unwilling(own_loop, {}, alone);
  recording_subscriber plain(own_loop);
  std::vector<subscription> listening;
  run_on_loop(own_loop, [&] {
    for (recording_subscriber* s : {&one, &two, &with_context, &plain})
      listening.push_back(news.subscribe(s->socket, "a"));
    listening.push_back(news.subscribe(unwilling.socket, "a", send_options().compress(false)));
  });
  const std::string text(100, 'x');
  const prepared_message message(text);
  run_on_loop(own_loop, [&] {
    news.publish("a", "small");
    news.publish("a", message);
  });
  const auto& compressed = message.frames()->compressed(engine, 15);
  const std::string form(reinterpret_cast<const char*>(compressed.frame.data()), compressed.frame.size());
  REQUIRE(form.size() < 50);
  CHECK(one.writes() == texts{frame("small") + form});
  CHECK(two.writes() == texts{frame("small") + form});
  CHECK(plain.writes() == texts{frame("small") + frame(text)});
  CHECK(unwilling.writes() == texts{frame("small") + frame(text)});
  const texts own = with_context.writes();
  REQUIRE(own.size() == 1);
  CHECK(own.front().substr(0, 7) == frame("small"));
  CHECK(own.front()[7] == '\xc1');
  run_on_loop(own_loop, [&] { listening.clear(); });
}

TEST_CASE("publish() rejects text that is not UTF-8") {
  topics news;
  CHECK(news.publish("a", "\xff").error() == errc::invalid_utf8);
}

TEST_CASE("queue_bytes limits undelivered messages of a topic until its thread delivers them") {
  manual_loop own_loop;
  topics news(topic_options().queue_bytes(1000));
  recording_subscriber one(own_loop);
  subscription listening;
  run_on_loop(own_loop, [&] { listening = news.subscribe(one.socket, "a"); });
  const std::string text(100, 'x');
  int accepted = 0;
  while (news.publish("a", text)) ++accepted;
  CHECK(accepted >= 5);
  CHECK(accepted <= 10);
  const auto refused = news.publish("a", text);
  CHECK(refused.error() == errc::queue_full);
  CHECK_THAT(refused.error().detail(), Catch::Contains("1000 bytes"));
  CHECK(news.publish("b", text));
  own_loop.settle();
  REQUIRE(one.writes().size() == 1);
  CHECK(one.socket.counters().messages_sent == static_cast<std::uint64_t>(accepted));
  CHECK(news.publish("a", text));
  run_on_loop(own_loop, [&] { listening.reset(); });
}

TEST_CASE("published messages count as sent") {
  manual_loop own_loop;
  topics news;
  recording_subscriber one(own_loop);
  subscription listening;
  run_on_loop(own_loop, [&] { listening = news.subscribe(one.socket, "a"); });
  run_on_loop(own_loop, [&] {
    news.publish("a", "12");
    news.publish("a", "345");
  });
  CHECK(one.socket.counters().messages_sent == 2);
  CHECK(one.socket.counters().bytes_sent == 5);
  run_on_loop(own_loop, [&] { listening.reset(); });
}
