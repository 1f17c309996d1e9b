#include "twinsocket/pair.hpp"

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "test.hpp"
#include "manual_loop.hpp"
#include "pair_on.hpp"
#include "twinsocket/json.hpp"
#include "twinsocket/prepared_message.hpp"
#include "twinsocket/receive_options.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;

namespace {

task<void> echo(connection socket) {
  while (auto received = co_await socket.receive()) co_await socket.send(*received);
}

std::vector<std::byte> bytes_of(std::size_t count) {
  std::vector<std::byte> bytes(count);
  for (std::size_t i = 0; i < count; ++i) bytes[i] = static_cast<std::byte>(i * 7);
  return bytes;
}

}  // namespace

TEST_CASE("messages arrive with their kind and bytes") {
  manual_loop loop;
  std::vector<std::string> texts;
  std::size_t binary_size = 0;
  close_info end;
  loop.run([](auto& seen, auto& size, auto& info) -> task<void> {
    auto [client, server] = make_connection_pair();
    spawn(echo(std::move(server)));
    co_await client.send("hello");
    co_await client.send(std::string_view());
    const auto bytes = bytes_of(1'000'000);
    co_await client.send(std::span(bytes));
    for (int i = 0; i < 2; ++i) {
      const auto text = co_await client.receive();
      seen.push_back(text->is_text() ? std::string(text->text()) : "binary");
    }
    const auto binary = co_await client.receive();
    if (!binary->is_text() && std::equal(bytes.begin(), bytes.end(), binary->bytes().begin())) size = binary->size();
    info = co_await client.close(close_code::normal, "bye");
  }(texts, binary_size, end));
  REQUIRE(texts == std::vector<std::string>{"hello", ""});
  REQUIRE(binary_size == 1'000'000);
  REQUIRE(end == close_info{close_code::normal, "bye", true, close_initiator::local});
}

TEST_CASE("the server's end answers heartbeats and does not deliver them") {
  manual_loop loop;
  std::vector<std::string> at_client;
  std::vector<std::string> at_server;
  loop.run([](auto& seen, auto& served) -> task<void> {
    auto [client, server] = make_connection_pair(pair_options().heartbeats(true));
    spawn([](connection socket, auto& all) -> task<void> {
      while (auto received = co_await socket.receive()) all.emplace_back(received->text());
    }(std::move(server), served));
    co_await client.send(std::string_view("\0", 1));
    co_await client.send("hello");
    const auto answer = co_await client.receive();
    seen.emplace_back(answer->text());
    co_await client.close();
  }(at_client, at_server));
  REQUIRE(at_client == std::vector<std::string>{std::string("\0", 1)});
  REQUIRE(at_server == std::vector<std::string>{"hello"});
}

TEST_CASE("both ends report the close code and reason") {
  manual_loop loop;
  close_info at_client;
  close_info at_server;
  std::string told;
  loop.run([](auto& client_info, auto& server_info, auto& text) -> task<void> {
    auto [client, server] = make_connection_pair();
    client_info = co_await client.close(static_cast<close_code>(4001), "enough");
    const auto nothing = co_await server.receive();
    text = nothing.error().message();
    server_info = co_await server.closed();
  }(at_client, at_server, told));
  REQUIRE(at_client == close_info{static_cast<close_code>(4001), "enough", true, close_initiator::local});
  REQUIRE(at_server == close_info{static_cast<close_code>(4001), "enough", true, close_initiator::remote});
  REQUIRE(told == "the connection is closed: 4001 (application) enough");
}

TEST_CASE("destroying a connection closes it with 1000") {
  manual_loop loop;
  close_info info;
  loop.run([](auto& out) -> task<void> {
    auto pair = make_connection_pair();
    { const connection gone = std::move(pair.client); }
    out = co_await pair.server.closed();
  }(info));
  REQUIRE(info == close_info{close_code::normal, "", true, close_initiator::remote});
}

TEST_CASE("abort() ends both ends with 1006") {
  manual_loop loop;
  close_info at_client;
  close_info at_server;
  loop.run([](auto& client_info, auto& server_info) -> task<void> {
    auto [client, server] = make_connection_pair();
    client.abort();
    client_info = co_await client.closed();
    server_info = co_await server.closed();
  }(at_client, at_server));
  REQUIRE(at_client == close_info{close_code::abnormal, "", false, close_initiator::local});
  REQUIRE(at_server == close_info{close_code::abnormal, "", false, close_initiator::none});
}

TEST_CASE("send() waits while the send queue is full and resumes when the peer reads") {
  manual_loop loop;
  int sent = 0;
  int received = 0;
  const auto options =
      pair_options().limits(limits().send_queue_bytes(100'000).receive_queue_bytes(10'000)).capacity(10'000);
  std::optional<connection_pair> pair;
  loop.run([](auto& out, const auto& with) -> task<void> {
    out.emplace(make_connection_pair(with));
    co_return;
  }(pair, options));
  loop.run([](connection& client, int& count) -> task<void> {
    const std::string text(1'000, 'x');
    for (; count < 1'000; ++count) co_await client.send(text);
  }(pair->client, sent));
  REQUIRE(sent > 100);
  REQUIRE(sent < 200);
  loop.run([](connection& server, int& count) -> task<void> {
    for (; count < 1'000; ++count)
      if (!co_await server.receive()) co_return;
  }(pair->server, received));
  REQUIRE(sent == 1'000);
  REQUIRE(received == 1'000);
}

TEST_CASE("try_send() does not overtake a send() that waits for room") {
  manual_loop loop;
  std::vector<std::string> received;
  const auto options =
      pair_options().limits(limits().send_queue_bytes(10'000).receive_queue_bytes(1'000)).capacity(1'000);
  std::optional<connection_pair> pair;
  loop.run([](auto& out, const auto& with) -> task<void> {
    out.emplace(make_connection_pair(with));
    co_return;
  }(pair, options));
  const auto send = [](connection& socket, std::string text) -> task<void> { co_await socket.send(text); };
  for (const char letter : {'a', 'b', 'c'}) loop.run(send(pair->client, std::string(9'000, letter)));
  bool tried = true;
  loop.run([](connection& socket, bool& out) -> task<void> {
    out = static_cast<bool>(socket.try_send("tried"));
    co_return;
  }(pair->client, tried));
  loop.run(send(pair->client, "d"));
  REQUIRE_FALSE(tried);
  loop.run([](connection& server, auto& all) -> task<void> {
    for (int i = 0; i < 4; ++i) {
      const auto next = co_await server.receive();
      all.emplace_back(1, next->text()[0]);
    }
  }(pair->server, received));
  REQUIRE(received == std::vector<std::string>{"a", "b", "c", "d"});
}

TEST_CASE("a receive timeout of nanoseconds::max() means no limit") {
  manual_loop loop;
  std::string got;
  loop.run([](auto& out) -> task<void> {
    auto [client, server] = make_connection_pair();
    spawn([](connection socket) -> task<void> {
      co_await sleep_for(1s);
      co_await socket.send("late");
      co_await socket.closed();
    }(std::move(server)));
    const auto message = co_await client.receive(receive_options().timeout(std::chrono::nanoseconds::max()));
    out = message ? std::string(message->text()) : message.error().message();
  }(got));
  loop.advance(2s);
  REQUIRE(got == "late");
}

TEST_CASE("drained() waits until buffered_amount() is at or below the argument") {
  manual_loop loop;
  std::vector<std::string> seen;
  std::optional<connection_pair> pair;
  loop.run([](auto& out) -> task<void> {
    out.emplace(make_connection_pair(pair_options().limits(limits().receive_queue_bytes(10'000)).capacity(10'000)));
    co_return;
  }(pair));
  loop.run([](connection& client, auto& notes) -> task<void> {
    for (int i = 0; i < 100; ++i) co_await client.send(std::string(1'000, 'x'));
    notes.push_back("sent");
    if (co_await client.drained(50'000)) notes.push_back("half: " + std::to_string(client.buffered_amount() <= 50'000));
    if (co_await client.drained()) notes.push_back("all: " + std::to_string(client.buffered_amount() == 0));
    if (co_await client.drained()) notes.push_back("at once");
    co_await client.send("more");
    co_await client.close();
    const auto late = co_await client.drained();
    notes.push_back(late ? "drained" : late.error().message());
  }(pair->client, seen));
  REQUIRE(seen == std::vector<std::string>{"sent"});
  loop.run([](connection& server) -> task<void> {
    while (co_await server.receive()) continue;
  }(pair->server));
  REQUIRE(seen ==
          std::vector<std::string>{"sent", "half: 1", "all: 1", "at once", "the connection is closed: 1000 (normal)"});
}

TEST_CASE("drained() fails when the connection ends") {
  manual_loop loop;
  std::string told;
  loop.run([](auto& text) -> task<void> {
    auto pair = make_connection_pair(pair_options().limits(limits().receive_queue_bytes(1'000)).capacity(1'000));
    for (int i = 0; i < 100; ++i) co_await pair.client.send(std::string(1'000, 'x'));
    spawn([](connection server) -> task<void> {
      server.abort();
      co_return;
    }(std::move(pair.server)));
    const auto drained = co_await pair.client.drained();
    text = drained ? "drained" : drained.error().message();
  }(told));
  REQUIRE(told == "the connection is closed: 1006 (the connection ended without a close frame)");
}

TEST_CASE("try_send() over the queue limits fails with the message size and the limits") {
  manual_loop loop;
  std::string full;
  std::string too_big;
  loop.run([](auto& full_text, auto& big_text) -> task<void> {
    auto [client, server] = make_connection_pair(pair_options().limits(limits().send_queue_bytes(1'000)));
    const std::string text(900, 'x');
    const bool first = static_cast<bool>(client.try_send(text));
    const send_result second = client.try_send(text);
    const send_result third = client.try_send(std::string(1'001, 'x'));
    if (first && !second && !third) {
      full_text = second.error().message();
      big_text = third.error().message();
    }
    co_return;
  }(full, too_big));
  REQUIRE(
      full ==
      "the send queue is full: a message of 900 bytes, the limit of the send queue is 1000 bytes and 65536 messages");
  REQUIRE(
      too_big ==
      "the message is too big: a message of 1001 bytes, the limit of the send queue is 1000 bytes and 65536 messages");
}

TEST_CASE("sending text that is not UTF-8 fails with invalid_utf8") {
  manual_loop loop;
  std::optional<errc> code;
  loop.run([](auto& out) -> task<void> {
    auto [client, server] = make_connection_pair();
    const send_result result = co_await client.send("\xff");
    if (!result) out = result.error().code();
  }(code));
  REQUIRE(code == errc::invalid_utf8);
}

TEST_CASE("close() ends with 1006 when the peer does not answer within close_timeout") {
  manual_loop loop;
  std::optional<connection_pair> pair;
  loop.run([](auto& out) -> task<void> {
    // The server stops reading while one message is queued.
    out.emplace(make_connection_pair(pair_options().limits(limits().receive_queue_bytes(1).close_timeout(3s))));
    co_await out->client.send("fills the queue");
    co_await sleep_for(1ms);
  }(pair));
  loop.advance(1ms);
  std::optional<close_info> info;
  loop.run([](connection& client, auto& out) -> task<void> { out = co_await client.close(); }(pair->client, info));
  loop.advance(2'999ms);
  REQUIRE(!info);
  loop.advance(1ms);
  REQUIRE(info == close_info{close_code::abnormal, "", false, close_initiator::local});
}

TEST_CASE("assigning to a connection closes the previous one with 1000") {
  manual_loop loop;
  auto first = pair_on(loop);
  auto second = pair_on(loop);
  close_info seen;
  loop.run([](connection& from, close_info& into) -> task<void> { into = co_await from.closed(); }(first.server, seen));
  loop.run([](connection& to, connection& from) -> task<void> {
    to = std::move(from);
    co_return;
  }(first.client, second.client));
  CHECK(seen == close_info{close_code::normal, "", true, close_initiator::remote});
  std::string received;
  loop.run([](connection& from, connection& to, std::string& text) -> task<void> {
    co_await from.send("over the assigned one");
    const auto got = co_await to.receive();
    text = got->text();
  }(first.client, second.server, received));
  CHECK(received == "over the assigned one");
}

TEST_CASE("try_send() refuses text that is not UTF-8, and the connection goes on") {
  manual_loop loop;
  auto pair = pair_on(loop);
  std::optional<send_result> refused;
  std::string received;
  loop.run([](connection& from, connection& to, auto& wrong, std::string& text) -> task<void> {
    wrong = from.try_send("\xff");
    from.try_send("right");
    const auto got = co_await to.receive();
    text = got->text();
  }(pair.client, pair.server, refused, received));
  REQUIRE(refused->status() == send_status::refused);
  CHECK(refused->error().code() == errc::invalid_utf8);
  CHECK(refused->error().detail() == "a text message of 1 bytes");
  CHECK(received == "right");
}

TEST_CASE("set_limits() outside a turn takes effect in the next turn of the loop") {
  manual_loop loop;
  auto pair = pair_on(loop);
  limits smaller;
  smaller.max_message_size(100);
  pair.client.set_limits(smaller);
  loop.settle();
  std::size_t now = 0;
  loop.run([](connection& of, std::size_t& into) -> task<void> {
    into = of.limits().max_message_size();
    co_return;
  }(pair.client, now));
  CHECK(now == 100);
}

TEST_CASE("a prepared message waits for room in the send queue like any other") {
  manual_loop loop;
  auto pair = pair_on(
      loop, pair_options().limits(limits().send_queue_bytes(10'000).receive_queue_bytes(1'000)).capacity(1'000));
  const prepared_message large(std::string(9'000, 'p'));
  int sent = 0;
  loop.run([](connection& from, const prepared_message& what, int& count) -> task<void> {
    for (; count < 5; ++count)
      if (!co_await from.send(what)) co_return;
  }(pair.client, large, sent));
  CHECK(sent > 0);
  CHECK(sent < 5);
  int received = 0;
  loop.run([](connection& to, int& count) -> task<void> {
    for (; count < 5; ++count) {
      const auto next = co_await to.receive();
      if (!next || next->text() != std::string(9'000, 'p')) co_return;
    }
  }(pair.server, received));
  CHECK(sent == 5);
  CHECK(received == 5);
}

TEST_CASE("assigning a connection to itself or to one that was moved from closes nothing") {
  manual_loop loop;
  auto pair = pair_on(loop);
  loop.run([](connection& one) -> task<void> {
    connection& same = one;
    one = std::move(same);
    connection other = std::move(one);
    one = std::move(other);
    co_return;
  }(pair.client));
  std::string received;
  loop.run([](connection& from, connection& to, std::string& text) -> task<void> {
    co_await from.send("still open");
    const auto got = co_await to.receive();
    text = got->text();
  }(pair.client, pair.server, received));
  CHECK(received == "still open");
}

TEST_CASE("sending a value that has no document fails with the codec's error, and the connection goes on") {
  manual_loop loop;
  auto pair = pair_on(loop);
  std::optional<error> why;
  std::string received;
  loop.run([](connection& from, connection& to, std::optional<error>& out, std::string& text) -> task<void> {
    const send_result refused = co_await from.send(json, std::nan(""));
    out = refused.error();
    co_await from.send(json, 5);
    const auto got = co_await to.receive();
    text = got->text();
  }(pair.client, pair.server, why, received));
  REQUIRE(why);
  CHECK(*why == errc::invalid_argument);
  CHECK(received == "5");
}

TEST_CASE("a cancellation_source cancels a wait after many that ended by themselves") {
  manual_loop loop;
  auto pair = pair_on(loop);
  cancellation_source stop;
  int ended = 0;
  std::optional<errc> last;
  loop.run([](connection& from, cancellation_source& by, int& count, std::optional<errc>& why) -> task<void> {
    for (; count < 100; ++count) {
      const auto none = co_await from.receive(receive_options().timeout(1ms).cancel_on(by));
      if (none.error() != errc::timed_out) co_return;
    }
    const auto none = co_await from.receive(receive_options().cancel_on(by));
    why = none.error().code();
  }(pair.client, stop, ended, last));
  loop.advance(100ms);
  CHECK(ended == 100);
  CHECK_FALSE(last);
  loop.run([](cancellation_source& it) -> task<void> {
    it.cancel();
    co_return;
  }(stop));
  CHECK(last == errc::cancelled);
}
