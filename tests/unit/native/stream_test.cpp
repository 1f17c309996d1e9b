#include "twinsocket/native/stream.hpp"

#include <string>
#include <vector>

#include "test.hpp"
#include "pair_on.hpp"
#include "protocol/wire.hpp"
#include "twinsocket/native/ping.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;
using wire::pattern;

namespace {

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

task<void> echo_by_pieces(connection& socket, std::size_t& largest) {
  message_reader in(socket);
  while (const auto kind = co_await in.next_message()) {
    message_writer out(socket, *kind);
    for (auto bytes = co_await in.read(); bytes && !bytes->empty(); bytes = co_await in.read()) {
      largest = std::max(largest, socket.buffered_amount() + bytes->size());
      if (!co_await out.write(*bytes)) co_return;
    }
    if (!co_await out.finish()) co_return;
  }
}

}  // namespace

TEST_CASE("message_reader and message_writer relay a message of any size in bounded memory") {
  manual_loop loop;
  auto [client, server] = pair_on(loop, pair_options().limits(limits().max_message_size(SIZE_MAX)).capacity(10'000));
  const std::vector<std::byte> sent = pattern(8 * mib);
  std::size_t largest = 0;
  std::vector<std::byte> received;
  loop.run(echo_by_pieces(server, largest));
  loop.run([](connection& socket, const auto& bytes) -> task<void> { co_await socket.send(std::span(bytes)); }(client,
                                                                                                               sent));
  loop.run([](connection& socket, auto& out) -> task<void> {
    message_reader in(socket);
    if (!co_await in.next_message()) co_return;
    for (auto bytes = co_await in.read(); bytes && !bytes->empty(); bytes = co_await in.read())
      out.insert(out.end(), bytes->begin(), bytes->end());
  }(client, received));
  REQUIRE(received.size() == sent.size());
  REQUIRE(received == sent);
  REQUIRE(largest < 1 * mib);
}

TEST_CASE("next_message() and receive() skip the unread rest of a message") {
  manual_loop loop;
  auto [client, server] = pair_on(loop, pair_options().capacity(1'000));
  std::string first;
  std::string second;
  std::string third;
  loop.run([](connection& socket) -> task<void> {
    const std::string large(50'000, 'a');
    co_await socket.send(large);
    co_await socket.send("second");
    co_await socket.send(large);
    co_await socket.send("fourth");
  }(client));
  loop.run([](connection& socket, auto& a, auto& b, auto& c) -> task<void> {
    message_reader in(socket);
    if (!co_await in.next_message()) co_return;
    a = text_of(*co_await in.read()).substr(0, 3);
    if (!co_await in.next_message()) co_return;
    b = text_of(*co_await in.read());
    if (!co_await in.next_message()) co_return;
    if (!co_await in.read()) co_return;
    const auto last = co_await socket.receive();
    c = last->text();
  }(server, first, second, third));
  REQUIRE(first == "aaa");
  REQUIRE(second == "second");
  REQUIRE(third == "fourth");
}

TEST_CASE("whole messages wait while a message_writer is open and pings do not") {
  manual_loop loop;
  auto [client, server] = pair_on(loop);
  std::vector<std::string> received;
  message_writer out(client, message_kind::text);
  bool answered = false;
  const auto write = [](message_writer& writer, std::string_view text) -> task<void> {
    static_cast<void>(co_await writer.write(twinsocket::detail::text_bytes(text)));
  };
  loop.run(write(out, "in "));
  loop.run([](connection& socket) -> task<void> { co_await socket.send("whole"); }(client));
  loop.run([](connection& socket, bool& done) -> task<void> { done = static_cast<bool>(co_await ping(socket)); }(
                                                  client, answered));
  REQUIRE(answered);
  loop.run(write(out, "pieces"));
  loop.run([](message_writer& writer) -> task<void> { static_cast<void>(co_await writer.finish()); }(out));
  loop.run([](connection& socket, auto& output) -> task<void> {
    for (int i = 0; i < 2; ++i) {
      const auto next = co_await socket.receive();
      output.emplace_back(next->text());
    }
  }(server, received));
  REQUIRE(received == std::vector<std::string>{"in pieces", "whole"});
}

TEST_CASE("messages that wait for a message_writer are sent in order after it has finished") {
  manual_loop loop;
  auto [client, server] = pair_on(loop, pair_options().limits(limits().send_queue_bytes(1'000)));
  std::vector<std::string> output;
  message_reader in(server);
  loop.run([](message_reader& from) -> task<void> { static_cast<void>(co_await from.next_message()); }(in));
  const auto write = [](message_writer& writer, std::size_t size, bool ends, auto& told) -> task<void> {
    const std::vector<std::byte> bytes(size);
    if (!co_await writer.write(bytes)) co_return;
    if (ends && co_await writer.finish()) told.push_back("written " + std::to_string(size));
  };
  const auto send = [](connection& socket, std::size_t size, auto& told) -> task<void> {
    const std::string text(size, 'x');
    if (co_await socket.send(text)) told.push_back("sent " + std::to_string(size));
  };

  message_writer first(client, message_kind::binary);
  message_writer second(client, message_kind::binary);
  loop.run(write(first, 300'000, false, output));
  loop.run(send(client, 900, output));
  loop.run(write(second, 20, true, output));
  loop.run(write(first, 300'000, true, output));
  REQUIRE(output.empty());  // The peer does not read.

  std::vector<std::size_t> sizes;
  loop.run([](message_reader& from, auto& read) -> task<void> {
    do {
      read.push_back(0);
      for (auto bytes = co_await from.read(); bytes && !bytes->empty(); bytes = co_await from.read())
        read.back() += bytes->size();
    } while (co_await from.next_message());
  }(in, sizes));
  REQUIRE(sizes == std::vector<std::size_t>{600'000, 900, 20});
  REQUIRE(output == std::vector<std::string>{"written 300000", "sent 900", "written 20"});
}

TEST_CASE("closing within a message fails the read and the write with the close code") {
  manual_loop loop;
  auto [client, server] = pair_on(loop);
  std::string reading;
  std::string writing;
  message_writer out(client, message_kind::binary);
  const auto half = pattern(100);
  loop.run([](message_writer& writer, const auto& bytes) -> task<void> {
    static_cast<void>(co_await writer.write(bytes));
  }(out, half));
  loop.run([](connection& socket, auto& error) -> task<void> {
    message_reader in(socket);
    if (!co_await in.next_message()) co_return;
    auto bytes = co_await in.read();
    while (bytes && !bytes->empty()) bytes = co_await in.read();
    if (!bytes) error = bytes.error().message();
  }(server, reading));
  loop.run([](connection& socket) -> task<void> { co_await socket.close(close_code::going_away, "enough"); }(client));
  loop.run([](message_writer& writer, const auto& bytes, auto& error) -> task<void> {
    const auto written = co_await writer.write(bytes);
    if (!written) error = written.error().message();
  }(out, half, writing));
  REQUIRE(reading == "the connection is closed: 1001 (going away) enough");
  REQUIRE(writing == "the connection is closed: 1001 (going away) enough");
}

TEST_CASE("ping() carries a payload and on_ping() and on_pong() receive it") {
  manual_loop loop;
  auto [client, server] = pair_on(loop);
  std::vector<std::string> told;
  on_ping(server, [&](std::span<const std::byte> payload) {
    told.push_back("ping " + std::to_string(payload.size()) + " " + text_of(payload.last(5)));
  });
  on_pong(client, [&](std::span<const std::byte> payload) { told.push_back("pong " + text_of(payload)); });
  REQUIRE(client.counters().round_trip.count() == 0);
  std::string refused;
  loop.run([](connection& socket, std::string& error) -> task<void> {
    if (!co_await ping(socket, "hello")) co_return;
    const auto large = co_await ping(socket, std::string_view(std::string(118, 'x')));
    if (!large) error = large.error().message();
  }(client, refused));
  REQUIRE(told == std::vector<std::string>{"ping 13 hello", "pong hello"});
  REQUIRE(refused == "invalid argument: a ping payload of 118 bytes, the limit is 117 bytes");
  on_pong(client, nullptr);
  loop.run([](connection& socket) -> task<void> { static_cast<void>(co_await ping(socket, "again")); }(client));
  REQUIRE(told.size() == 3);
}

TEST_CASE("ping() returns the round trip time and fails on a closed connection") {
  manual_loop loop;
  auto [client, server] = pair_on(loop);
  int answered = 0;
  std::string failed;
  for (int i = 0; i < 3; ++i)
    loop.run([](connection& socket, int& count) -> task<void> {
      if (const auto time = co_await ping(socket); time && time->count() >= 0) ++count;
    }(client, answered));
  REQUIRE(answered == 3);
  loop.run([](connection& socket, std::string& error) -> task<void> {
    co_await socket.close();
    const auto time = co_await ping(socket);
    if (!time) error = time.error().message();
  }(client, failed));
  REQUIRE(failed == "the connection is closed: 1000 (normal)");
}
