#include "twinsocket/receive_options.hpp"

#include <optional>
#include <string>
#include <vector>

#include "test.hpp"
#include "pair_on.hpp"

using namespace std::chrono_literals;
using namespace twinsocket;

namespace {

task<void> receive_into(connection& socket, receive_options options, std::vector<std::string>& output) {
  const auto received = co_await socket.receive(options);
  output.push_back(received ? std::string(received->text()) : received.error().message());
}

task<void> send(connection& socket, std::string_view text) { co_await socket.send(text); }

}  // namespace

TEST_CASE("a receive() timeout loses no message and keeps the connection open") {
  manual_loop loop;
  auto [client, server] = pair_on(loop);
  std::vector<std::string> output;
  loop.run(receive_into(server, receive_options().timeout(2s), output));
  loop.advance(1'999ms);
  REQUIRE(output.empty());
  loop.advance(1ms);
  REQUIRE(output == std::vector<std::string>{"the operation timed out: no message arrived within 2000 ms"});
  loop.run(send(client, "late"));
  loop.run(receive_into(server, receive_options().timeout(2s), output));
  REQUIRE(output.back() == "late");
  REQUIRE(server.is_open());
}

TEST_CASE("a receive() that completes in time does not report a timeout later") {
  manual_loop loop;
  auto [client, server] = pair_on(loop);
  std::vector<std::string> output;
  loop.run(receive_into(server, receive_options().timeout(2s), output));
  loop.advance(1s);
  loop.run(send(client, "in time"));
  loop.advance(10s);
  REQUIRE(output == std::vector<std::string>{"in time"});
}

TEST_CASE("a cancelled receive() loses no message and keeps the connection open") {
  manual_loop loop;
  auto [client, server] = pair_on(loop);
  std::vector<std::string> output;
  cancellation_source stop;
  loop.run(receive_into(server, receive_options().cancel_on(stop), output));
  loop.run([](cancellation_source& s) -> task<void> {
    s.cancel();
    co_return;
  }(stop));
  REQUIRE(output == std::vector<std::string>{"the operation was cancelled: waiting for a message"});
  loop.run(receive_into(server, receive_options().cancel_on(stop), output));
  REQUIRE(output.size() == 2);
  loop.run(send(client, "after"));
  loop.run(receive_into(server, receive_options().cancel_on(stop), output));
  REQUIRE(output.back() == "after");
}

TEST_CASE("concurrent receive() calls get one message each in call order") {
  manual_loop loop;
  auto [client, server] = pair_on(loop);
  std::vector<std::string> first;
  std::vector<std::string> second;
  loop.run(receive_into(server, receive_options(), first));
  loop.run(receive_into(server, receive_options(), second));
  loop.run(send(client, "one"));
  REQUIRE(first == std::vector<std::string>{"one"});
  REQUIRE(second.empty());
  loop.run(send(client, "two"));
  REQUIRE(second == std::vector<std::string>{"two"});
}
