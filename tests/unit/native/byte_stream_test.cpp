#include "twinsocket/native/byte_stream.hpp"

#include <string>
#include <vector>

#include "test.hpp"
#include "pair_on.hpp"
#include "protocol/wire.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;
using wire::pattern;

namespace {

/// Reads to the end, `step` bytes at a time. `end` gets the reason of the end.
task<void> read_all(connection& socket, std::size_t step, std::vector<std::byte>& out, std::string& end) {
  byte_stream in(socket);
  std::vector<std::byte> room(step);
  for (;;) {
    const auto count = co_await in.read(room);
    if (!count) end = count.error().message();
    if (count && *count == 0) end = "end";
    if (!count || *count == 0) co_return;
    out.insert(out.end(), room.begin(), room.begin() + static_cast<std::ptrdiff_t>(*count));
  }
}

}  // namespace

TEST_CASE("byte_stream carries bytes across message boundaries") {
  const std::vector<std::byte> sent = pattern(300'000);
  for (const std::size_t step : {1'000u, 65'536u, 1'000'000u}) {
    manual_loop loop;
    auto [client, server] = pair_on(loop, pair_options().capacity(10'000));
    std::vector<std::byte> received;
    std::string end;
    loop.run(read_all(server, step, received, end));
    loop.run([](connection& socket, const auto& bytes) -> task<void> {
      byte_stream out(socket);
      // An empty write, small ones, and one that is larger than a frame.
      if (!co_await out.write({})) co_return;
      for (std::size_t i = 0; i < 100'000; i += 777)
        if (!co_await out.write(std::span(bytes).subspan(i, std::min<std::size_t>(777, 100'000 - i)))) co_return;
      if (!co_await out.write(std::span(bytes).subspan(100'000))) co_return;
      co_await out.close();
    }(client, sent));
    REQUIRE(received == sent);
    REQUIRE(end == "end");
  }
}

TEST_CASE("byte_stream::read() reports end of stream only after a close with 1000 or 1001") {
  const std::vector<std::pair<unsigned, std::string>> ends{
      {1000, "end"},
      {1001, "end"},
      {1011, "the connection is closed: 1011 (internal error) broken"},
      {0, "the connection is closed: 1006 (the connection ended without a close frame)"}};
  for (const auto& [code, expected] : ends) {
    manual_loop loop;
    auto [client, server] = pair_on(loop);
    std::vector<std::byte> received;
    std::string end;
    loop.run(read_all(server, 10, received, end));
    if (code == 0) {
      client.abort();
    } else {
      client.close(static_cast<close_code>(code), "broken");
    }
    loop.advance(1s);
    REQUIRE(end == expected);
  }
}

TEST_CASE("byte_stream reads text messages as bytes and writes text messages if constructed for text") {
  manual_loop loop;
  auto [client, server] = pair_on(loop);
  std::string seen;
  loop.run([](connection& socket, std::string& out) -> task<void> {
    const auto first = co_await socket.receive();
    out = first->is_text() ? std::string(first->text()) : "binary";
    byte_stream stream(socket, message_kind::text);
    const auto rest = co_await stream.read();
    out.append(" ").append(reinterpret_cast<const char*>(rest->data()), rest->size());
  }(server, seen));
  loop.run([](connection& socket) -> task<void> {
    byte_stream out(socket, message_kind::text);
    if (!co_await out.write(detail::text_bytes("hello"))) co_return;
    co_await socket.send("text");
  }(client));
  REQUIRE(seen == "hello text");
}

TEST_CASE("byte_stream::write() after close() fails with the close code") {
  manual_loop loop;
  auto [client, server] = pair_on(loop);
  std::string told;
  loop.run([](connection& socket, std::string& out) -> task<void> {
    byte_stream stream(socket);
    co_await stream.close();
    const std::vector<std::byte> large = pattern(100'000);
    for (const std::size_t size : {std::size_t{10}, large.size()}) {
      const auto written = co_await stream.write(std::span(large).first(size));
      if (!written) out += written.error().message() + ";";
    }
  }(client, told));
  REQUIRE(told == "the connection is closed: 1000 (normal);the connection is closed: 1000 (normal);");
}

TEST_CASE("copy() between streams uses bounded memory and returns the byte count") {
  manual_loop loop;
  auto [client, server] = pair_on(loop, pair_options().capacity(10'000));
  const std::vector<std::byte> sent = pattern(5 * mib);
  std::uint64_t copied = 0;
  std::size_t largest = 0;
  std::vector<std::byte> received;
  std::string end;
  loop.run([](connection& socket, std::uint64_t& count) -> task<void> {
    byte_stream stream(socket);
    count = *co_await copy(stream, stream);
  }(server, copied));
  loop.run(read_all(client, 4'096, received, end));
  loop.run([](connection& socket, connection& echo, const auto& bytes, std::size_t& most) -> task<void> {
    byte_stream out(socket);
    for (std::size_t i = 0; i < bytes.size(); i += 4'096) {
      if (!co_await out.write(std::span(bytes).subspan(i, 4'096))) co_return;
      most = std::max(most, echo.buffered_amount());
    }
    co_await out.close();
  }(client, server, sent, largest));
  REQUIRE(copied == sent.size());
  REQUIRE(received == sent);
  REQUIRE(largest < 1 * mib);
}
