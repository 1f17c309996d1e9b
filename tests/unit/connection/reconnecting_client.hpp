#pragma once

// A reconnecting client and its server, in memory and with simulated time.

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "manual_loop.hpp"
#include "twinsocket/pair.hpp"
#include "twinsocket/reconnect.hpp"

namespace reconnect_test {

using namespace std::chrono_literals;
using namespace twinsocket;

using texts = std::vector<std::string>;

/// The server: accepts or refuses connections in memory.
struct server {
  std::deque<connection> connections;
  std::optional<error> refuses;
  bool silent = false;  ///< Neither accepts nor refuses.
  int calls = 0;
  int cancelled = 0;

  reconnect_options options() {
    return reconnect_options(connect_options().limits(limits().receive_queue_bytes(1'000).send_queue_bytes(1 * mib)))
        .dialer(dialer());
  }
  reconnect_options::dialer_function dialer() {
    return [this](std::string, connect_options with) { return take(std::move(with)); };
  }

 private:
  task<result<connection>> take(connect_options with) {
    ++calls;
    if (silent) {
      while (!with.cancellation().cancelled()) co_await sleep_for(1ms);
      ++cancelled;
      co_return error(errc::cancelled);
    }
    if (refuses) co_return *refuses;
    auto pair = make_connection_pair(pair_options().limits(with.limits()));
    connections.push_back(std::move(pair.server));
    co_return std::move(pair.client);
  }
};

/// A client that lives as long as the test, and its results.
struct client {
  client(manual_loop& l, reconnect_options options) : loop(l) {
    loop.run([](client& self, reconnect_options with) -> task<void> {
      self.socket.emplace("ws://host/", std::move(with));
      spawn(self.follow());
      co_return;
    }(*this, std::move(options)));
  }

  /// The tasks must end before the members that they write to.
  ~client() {
    act([](reconnecting_connection& it) { it.abort(); });
    loop.advance(1h);
  }

  task<void> follow() {
    while (auto change = co_await socket->next_status()) {
      phases.emplace_back(describe(change->phase));
      last = *change;
    }
    phases.emplace_back("end");
  }
  task<void> receive_all() {
    while (auto received = co_await socket->receive()) heard.emplace_back(received->text());
    const auto after = co_await socket->receive();
    ended = after.error().message();
  }
  void listen() { loop.run(receive_all()); }
  void send(const std::string& text, const send_options& options = {}) {
    loop.run([](client& self, std::string what, send_options how) -> task<void> {
      const send_result sent = co_await self.socket->send(what, how);
      self.outcomes.push_back(!sent                                  ? sent.error().message()
                              : sent.status() == send_status::queued ? "queued"
                                                                     : "accepted");
    }(*this, text, options));
  }
  void act(void (*what)(reconnecting_connection&)) {
    loop.run([](client& self, auto f) -> task<void> {
      f(*self.socket);
      co_return;
    }(*this, what));
  }

  manual_loop& loop;
  std::optional<reconnecting_connection> socket;
  texts phases;
  texts heard;
  texts outcomes;
  std::string ended;
  reconnect_status last;
};

inline void on(manual_loop& loop, connection& socket, void (*what)(connection&)) {
  loop.run([](connection& s, auto f) -> task<void> {
    f(s);
    co_return;
  }(socket, what));
}

inline texts received_by(manual_loop& loop, connection& socket) {
  texts got;
  loop.run([](connection& from, texts& to) -> task<void> {
    while (auto m = co_await from.receive(receive_options().timeout(1ms))) to.emplace_back(m->text());
  }(socket, got));
  loop.advance(1ms);
  return got;
}

inline void drop_connection(manual_loop& loop, server& s) {
  on(loop, s.connections.front(), [](connection& c) { c.abort(); });
  s.connections.pop_front();
}

}  // namespace reconnect_test
