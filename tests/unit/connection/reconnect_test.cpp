#include "twinsocket/reconnect.hpp"

#include "test.hpp"
#include "connection/reconnecting_state.hpp"
#include "reconnecting_client.hpp"
#include "twinsocket/handshake_response.hpp"

using namespace reconnect_test;

TEST_CASE("receive() and send() continue across reconnects") {
  manual_loop loop;
  server s;
  client c(loop, s.options());
  c.listen();
  c.send("one");
  on(loop, s.connections[0], [](connection& socket) { socket.try_send("first"); });
  CHECK(received_by(loop, s.connections[0]) == texts{"one"});
  drop_connection(loop, s);
  loop.advance(1s);
  REQUIRE(s.connections.size() == 1);
  c.send("two");
  on(loop, s.connections[0], [](connection& socket) { socket.try_send("second"); });
  CHECK(received_by(loop, s.connections[0]) == texts{"two"});
  CHECK(c.heard == texts{"first", "second"});
  CHECK(c.outcomes == texts{"accepted", "accepted"});
  CHECK(c.phases == texts{"connecting", "preparing", "open", "waiting", "connecting", "preparing", "open"});
  CHECK(c.socket->counters().messages_sent == 2);
  CHECK(c.socket->counters().messages_received == 2);
}

TEST_CASE("the status while waiting has the close_info or error, the failures and the delay") {
  manual_loop loop;
  server s;
  client c(loop, s.options());
  drop_connection(loop, s);
  CHECK(c.last.phase == reconnect_phase::waiting);
  REQUIRE(c.last.close);
  CHECK(c.last.close->is(close_code::abnormal));
  CHECK(c.last.delay <= 1s);
  CHECK(c.last.failures == 1);
  std::vector<handshake_response::header_field> later{{"Retry-After", "60"}};
  s.refuses =
      error(errc::handshake_failed, "busy").response(std::make_shared<handshake_response>(503, std::move(later), ""));
  loop.advance(1s);
  CHECK(c.last.failures == 2);
  CHECK(c.last.error->message() == "the opening handshake failed: busy");
  CHECK(c.last.delay >= 60s);
  CHECK(c.socket->status().phase == reconnect_phase::waiting);
}

TEST_CASE("on_connected runs on each connection before queued messages and may exchange messages") {
  manual_loop loop;
  server s;
  s.refuses = error(errc::connect_failed);
  client c(loop, s.options().on_connected([](connection& fresh) -> task<result<void>> {
    co_await fresh.send("token");
    const auto welcome = co_await fresh.receive();
    if (!welcome) co_return welcome.error();
    co_await fresh.send("subscribe");
    co_return result<void>();
  }));
  c.listen();
  c.send("kept");
  s.refuses.reset();
  for (int i = 0; i < 2; ++i) {
    loop.advance(2s);
    REQUIRE(s.connections.size() == 1);
    CHECK(c.last.phase == reconnect_phase::preparing);
    CHECK(received_by(loop, s.connections[0]) == texts{"token"});
    on(loop, s.connections[0], [](connection& socket) {
      socket.try_send("welcome");
      socket.try_send("news");
    });
    CHECK(c.last.phase == reconnect_phase::open);
    const texts then = received_by(loop, s.connections[0]);
    CHECK(then == (i == 0 ? texts{"subscribe", "kept"} : texts{"subscribe"}));
    drop_connection(loop, s);
  }
  CHECK(c.heard == texts{"news", "news"});
}

TEST_CASE("an error of on_connected counts as a failed attempt and errc::cancelled stops reconnecting") {
  for (const bool for_good : {false, true}) {
    manual_loop loop;
    server s;
    client c(loop, s.options().on_connected([for_good](connection&) -> task<result<void>> {
      co_return error(for_good ? errc::cancelled : errc::type_mismatch, "no token");
    }));
    CHECK(c.last.phase == (for_good ? reconnect_phase::closed : reconnect_phase::waiting));
    CHECK(c.last.failures == (for_good ? 0 : 1));
    REQUIRE(c.last.error);
    CHECK(c.last.error->detail() == "no token");
    loop.advance(1s);
    CHECK((s.calls == 1) == for_good);
  }
}

TEST_CASE("on_connected is limited by the connect timeout") {
  manual_loop loop;
  server s;
  const auto waits = [](connection& fresh) -> task<result<void>> {
    const auto never = co_await fresh.receive();
    co_return never ? result<void>() : result<void>(never.error());
  };
  client c(loop, s.options().on_connected(waits));
  CHECK(c.last.phase == reconnect_phase::preparing);
  loop.advance(29s);
  CHECK(c.last.phase == reconnect_phase::preparing);
  loop.advance(1s);
  CHECK(c.last.phase == reconnect_phase::waiting);
  CHECK(*c.last.error == errc::timed_out);
}

TEST_CASE("a final close code stops reconnecting and receive(), send() and closed() report it") {
  manual_loop loop;
  server s;
  client c(loop, s.options());
  c.listen();
  on(loop, s.connections[0], [](connection& socket) {
    socket.try_send("last words");
    socket.close(close_code::policy_violation, "go away");
  });
  CHECK(c.heard == texts{"last words"});
  CHECK(c.ended == "the connection is closed: 1008 (policy violation) go away");
  CHECK(c.phases == texts{"connecting", "preparing", "open", "closed", "end"});
  std::optional<close_info> info;
  loop.run([](client& self, auto& out) -> task<void> { out = co_await self.socket->closed(); }(c, info));
  REQUIRE(info);
  CHECK(*info == close_info{close_code::policy_violation, "go away", true, close_initiator::remote});
  c.send("too late");
  CHECK(c.outcomes.back() == "the connection is closed: 1008 (policy violation) go away");
}

TEST_CASE("a final error or max_attempts stops reconnecting with that error") {
  manual_loop loop;
  server s;
  SECTION("a final error") {
    s.refuses = error(errc::invalid_url, "nonsense");
    client c(loop, s.options());
    c.listen();
    CHECK(c.ended == "not a WebSocket URL: nonsense");
    CHECK_FALSE(c.socket->is_open());
  }
  SECTION("max_attempts") {
    s.refuses = error(errc::connect_failed, "nobody there");
    client c(loop, s.options().policy(reconnect_policy().max_attempts(3)));
    c.listen();
    loop.advance(1min);
    CHECK(s.calls == 3);
    CHECK(c.ended == "cannot connect to the host: nobody there");
  }
}

TEST_CASE("close() and abort() stop reconnecting in every phase") {
  manual_loop loop;
  server s;
  const close_info ours{close_code::normal, "enough", false, close_initiator::local};
  const auto close_it = [](reconnecting_connection& socket) { socket.close(close_code::normal, "enough"); };
  std::optional<close_info> info;
  const auto closed = [&](client& c) {
    loop.run([](client& self, auto& out) -> task<void> { out = co_await self.socket->closed(); }(c, info));
    return info;
  };
  SECTION("while connecting") {
    s.silent = true;
    client c(loop, s.options());
    c.act(close_it);
    CHECK(closed(c) == ours);
    loop.advance(1s);
    CHECK(s.cancelled == 1);
    CHECK(c.phases == texts{"connecting", "closed", "end"});
  }
  SECTION("while preparing") {
    client c(loop, s.options().on_connected([](connection& fresh) -> task<result<void>> {
      const auto never = co_await fresh.receive();
      co_return never.error();
    }));
    c.act(close_it);
    CHECK(closed(c) == close_info{close_code::normal, "enough", true, close_initiator::local});
    CHECK(c.phases.back() == "end");
  }
  SECTION("while on_connected waits for something else") {
    client c(loop, s.options().on_connected([](connection&) -> task<result<void>> {
      co_await sleep_for(10min);
      co_return result<void>();
    }));
    c.act(close_it);
    CHECK(closed(c));
  }
  SECTION("while open") {
    client c(loop, s.options());
    c.send("before");
    c.act(close_it);
    CHECK(closed(c) == close_info{close_code::normal, "enough", true, close_initiator::local});
    CHECK(received_by(loop, s.connections[0]) == texts{"before"});
  }
  SECTION("while open with more queued than the network accepts") {
    client c(loop, s.options());
    for (int i = 0; i < 30; ++i) c.send(std::string(20'000, 'x') + std::to_string(i));
    c.act(close_it);
    texts got;
    loop.run([](connection& from, texts& to) -> task<void> {
      while (auto m = co_await from.receive()) to.emplace_back(m->text());
    }(s.connections[0], got));
    CHECK(got.size() == 30);
    CHECK(closed(c)->clean);
  }
  SECTION("while waiting") {
    s.refuses = error(errc::connect_failed);
    client c(loop, s.options());
    c.send("never sent");
    c.act(close_it);
    CHECK(closed(c) == ours);
    CHECK(c.last.dropped == dropped_messages{1, 10});
    loop.advance(1h);
    CHECK(s.calls == 1);
  }
  SECTION("by the destructor") {
    loop.run([](reconnect_options with) -> task<void> {
      const reconnecting_connection gone("ws://host/", std::move(with));
      co_return;
    }(s.options()));
    loop.advance(1min);
    CHECK(s.calls == 1);
    CHECK_FALSE(s.connections[0].is_open());
  }
  SECTION("by the cancellation_source before the start and later") {
    cancellation_source stop;
    auto options = reconnect_options(connect_options().cancel_on(stop)).dialer(s.dialer());
    client open(loop, options);
    CHECK(open.last.phase == reconnect_phase::open);
    loop.run([](cancellation_source& it) -> task<void> {
      it.cancel();
      co_return;
    }(stop));
    CHECK(closed(open) == close_info{close_code::normal, "", true, close_initiator::local});
    client late(loop, options);
    CHECK(late.phases == texts{"connecting", "closed", "end"});
    CHECK(s.calls == 1);
  }
  SECTION("by abort()") {
    client c(loop, s.options());
    c.act([](reconnecting_connection& socket) { socket.abort(); });
    CHECK(closed(c) == close_info{close_code::abnormal, "", false, close_initiator::local});
    CHECK(s.calls == 1);
  }
}

TEST_CASE("while offline attempts are rare and set_online(true) retries immediately") {
  manual_loop loop;
  server s;
  client c(loop, s.options());
  loop.advance(1min);
  c.act([](reconnecting_connection& socket) { socket.set_online(false); });
  CHECK(c.last.phase == reconnect_phase::open);
  s.refuses = error(errc::connect_failed);
  drop_connection(loop, s);
  CHECK(c.last.phase == reconnect_phase::paused);
  loop.advance(1h);
  CHECK(c.last.phase == reconnect_phase::paused);
  CHECK(c.last.failures == 0);
  CHECK(s.calls > 1h / 30s);
  s.refuses.reset();
  c.act([](reconnecting_connection& socket) { socket.set_online(true); });
  loop.advance(1s);
  CHECK(c.last.phase == reconnect_phase::open);
}

TEST_CASE("set_online(true) keeps an open connection when the peer responds") {
  manual_loop loop;
  server s;
  client c(loop, s.options());
  loop.advance(20s);
  const auto beat = s.connections[0].counters().round_trip;
  c.act([](reconnecting_connection& socket) { socket.set_online(true); });
  loop.advance(10s);
  CHECK(c.phases == texts{"connecting", "preparing", "open"});
  CHECK(s.connections[0].counters().round_trip == beat);
}

TEST_CASE("retry_now() ends the delay") {
  manual_loop loop;
  server s;
  s.refuses = error(errc::connect_failed);
  client c(loop, s.options());
  s.refuses.reset();
  c.act([](reconnecting_connection& socket) { socket.retry_now(); });
  CHECK(c.last.phase == reconnect_phase::open);
}

TEST_CASE("unread status changes are bounded") {
  manual_loop loop;
  server s;
  s.refuses = error(errc::connect_failed);
  std::optional<reconnecting_connection> socket;
  loop.run([](auto& out, reconnect_options with) -> task<void> {
    out.emplace("ws://host/", std::move(with));
    co_return;
  }(socket, s.options()));
  loop.advance(1h);
  int changes = 0;
  loop.run([](reconnecting_connection& from) -> task<void> { co_await from.close(); }(*socket));
  loop.run([](reconnecting_connection& from, int& count) -> task<void> {
    while (auto change = co_await from.next_status()) ++count;
  }(*socket, changes));
  CHECK(changes == 32);
}

TEST_CASE("on_connected stops reconnecting with the errors that another attempt would not change") {
  for (const errc code : {errc::cancelled, errc::invalid_argument, errc::unsupported, errc::timed_out, errc::closed}) {
    const bool for_good = code == errc::cancelled || code == errc::invalid_argument || code == errc::unsupported;
    manual_loop loop;
    server s;
    client c(loop, s.options().on_connected([code](connection&) -> task<result<void>> { co_return error(code); }));
    CAPTURE(describe(code));
    CHECK(c.last.phase == (for_good ? reconnect_phase::closed : reconnect_phase::waiting));
    CHECK(*c.last.error == code);
  }
}

TEST_CASE("close() is reported as such also after a failed attempt, before it has taken effect") {
  manual_loop loop;
  server s;
  s.refuses = error(errc::connect_failed, "nobody there");
  client c(loop, s.options());
  std::string sent;
  loop.run([](reconnecting_connection& socket, std::string& into) -> task<void> {
    socket.close(close_code::normal, "enough");
    into = socket.try_send("late").error().message();
    co_return;
  }(*c.socket, sent));
  CHECK(sent == "the connection is closed: 1000 (normal) enough");
  // Closing again changes nothing.
  c.act([](reconnecting_connection& socket) { socket.close(close_code::going_away, "again"); });
  c.act([](reconnecting_connection& socket) { socket.abort(); });
  std::optional<close_info> info;
  loop.run([](client& self, auto& out) -> task<void> { out = co_await self.socket->closed(); }(c, info));
  CHECK(info == close_info{close_code::normal, "enough", false, close_initiator::local});
}

TEST_CASE("abort() after close() does not wait for the peer's close frame") {
  manual_loop loop;
  server s;
  client c(loop, s.options());
  loop.run([](reconnecting_connection& socket) -> task<void> {
    socket.close(close_code::normal, "enough");
    socket.abort();
    co_return;
  }(*c.socket));
  std::optional<close_info> info;
  loop.run([](client& self, auto& out) -> task<void> { out = co_await self.socket->closed(); }(c, info));
  REQUIRE(info);
  CHECK_FALSE(info->clean);
  CHECK(c.phases.back() == "end");
}

TEST_CASE("reading stays paused while the received messages fill the queue") {
  manual_loop loop;
  server s;
  client c(loop, s.options());
  on(loop, s.connections[0], [](connection& socket) {
    socket.try_send("small");
    socket.try_send(std::string(5'000, 'x'));
    socket.try_send("last");
  });
  loop.settle();
  texts got;
  const auto take_one = [](client& self, texts& into) -> task<void> {
    const auto next = co_await self.socket->receive();
    into.push_back(next->size() > 10 ? "large" : std::string(next->text()));
  };
  for (int i = 0; i < 3; ++i) loop.run(take_one(c, got));
  CHECK(got == texts{"small", "large", "last"});
}

TEST_CASE("a reconnecting_connection ends with its event loop") {
  server s;
  std::optional<reconnecting_connection> open;
  std::optional<reconnecting_connection> waiting;
  {
    manual_loop loop;
    const auto start = [](auto& into, reconnect_options with) -> task<void> {
      into.emplace("ws://host/", std::move(with));
      co_return;
    };
    loop.run(start(open, s.options()));
    s.refuses = error(errc::connect_failed);
    loop.run(start(waiting, s.options()));
    s.connections.clear();
    loop.end_loop();
  }
  manual_loop other;
  for (auto* const each : {&open, &waiting}) {
    reconnecting_connection& socket = **each;
    CHECK_FALSE(socket.is_open());
    CHECK(socket.buffered_amount() == 0);
    CHECK(socket.local_address().empty());
    CHECK(socket.remote_address().empty());
    std::string why;
    other.run([](reconnecting_connection& from, std::string& into) -> task<void> {
      into = (co_await from.receive()).error().message();
    }(socket, why));
    CHECK(why == "the connection is closed: the connection's event loop has ended");
  }
}

TEST_CASE("a reconnecting_connection that is made while its loop closes ends at once") {
  manual_loop loop;
  server s;
  loop.run([](manual_loop& it) -> task<void> {
    it.close();
    co_return;
  }(loop));
  client c(loop, s.options());
  CHECK(c.phases == texts{"connecting", "closed", "end"});
  std::optional<close_info> info;
  loop.run([](client& self, auto& out) -> task<void> { out = co_await self.socket->closed(); }(c, info));
  CHECK(info == close_info{close_code::normal, "", false, close_initiator::local});
}

TEST_CASE("the log hook reports each wait and the end of the attempts") {
  manual_loop loop;
  server s;
  s.refuses = error(errc::connect_failed, "nobody there");
  texts lines;
  auto with = connect_options().log([&lines](const log_entry& entry) {
    lines.push_back(std::string(entry.event) + " " + std::string(entry.detail).substr(0, 3));
  });
  client c(loop, reconnect_options(with).dialer(s.dialer()).policy(reconnect_policy().max_attempts(2)));
  loop.advance(1min);
  CHECK(lines == texts{"reconnecting in ", "gave up aft"});
}
