// connection.hpp alone is enough for the calls that its comments show. It is included before everything else.
#include "twinsocket/connection.hpp"

namespace {

twinsocket::task<int> use(twinsocket::connection& socket) {
  using namespace twinsocket;
  if (!co_await socket.send("hello")) co_return 1;
  const auto value = co_await socket.receive<std::string>(text);
  if (!value) co_return 2;
  const auto next = co_await socket.receive(receive_options().timeout(std::chrono::seconds(1)));
  if (!next || next->text() != "second") co_return 3;
  socket.set_limits(socket.limits().max_message_size(64 * mib));
  if (!co_await socket.drained()) co_return 4;
  const close_info end = co_await socket.close();
  const close_info same = co_await socket.closed();
  co_return end.normal() && same.code == close_code::normal ? 0 : 5;
}

}  // namespace

#include "test.hpp"
#include "pair_on.hpp"

TEST_CASE("connection.hpp alone compiles the calls that its comments show") {
  manual_loop loop;
  auto [client, server] = pair_on(loop);
  int result = -1;
  loop.run([](twinsocket::connection& socket) -> twinsocket::task<void> {
    while (const auto message = co_await socket.receive()) {
      co_await socket.send(*message);
      co_await socket.send("second");
    }
  }(server));
  loop.run([](twinsocket::connection& socket, int& out) -> twinsocket::task<void> { out = co_await use(socket); }(
                                                            client, result));
  CHECK(result == 0);
}
