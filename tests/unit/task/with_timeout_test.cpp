#include "twinsocket/with_timeout.hpp"

#include <optional>
#include <string>

#include "test.hpp"
#include "pair_on.hpp"

using namespace twinsocket;
using namespace std::chrono_literals;

namespace {

template <class Wait>
std::optional<errc> outcome_of(manual_loop& loop, Wait wait, std::chrono::milliseconds after) {
  std::optional<errc> out;
  loop.run([](Wait& w, std::optional<errc>& to) -> task<void> {
    auto done = co_await w();
    to = done ? errc::ok : done.error().code();
  }(wait, out));
  loop.advance(after);
  return out;
}

}  // namespace

TEST_CASE("with_timeout applies to every awaitable and a timed-out send() sends nothing") {
  manual_loop loop;
  auto pair =
      pair_on(loop, pair_options().limits(limits().send_queue_bytes(1000).receive_queue_bytes(1000)).capacity(100));
  const std::string big(900, 'x');
  std::size_t sent = 0;
  for (; pair.client.try_send(big); ++sent) loop.settle();

  REQUIRE(outcome_of(
              loop, [&] { return with_timeout(pair.client.send(big), 10ms); }, 10ms) == errc::timed_out);
  REQUIRE(outcome_of(
              loop, [&] { return with_timeout(pair.client.drained(), 10ms); }, 10ms) == errc::timed_out);
  REQUIRE(outcome_of(
              loop, [&] { return with_timeout(pair.client.closed(), 10ms); }, 10ms) == errc::timed_out);
  REQUIRE(outcome_of(
              loop, [&] { return with_timeout(sleep_for(1s), 10ms); }, 10ms) == errc::timed_out);
  REQUIRE(outcome_of(
              loop, [&] { return with_timeout(pair.client.receive(), 10ms); }, 10ms) == errc::timed_out);
  REQUIRE(outcome_of(
              loop, [&] { return with_timeout(sleep_for(1ms), 10ms); }, 10ms) == errc::ok);
  REQUIRE(outcome_of(
              loop, [&] { return with_timeout(sleep_for(1ms), std::chrono::hours::max()); }, 10ms) == errc::ok);

  // The connection stays open, and the cancelled send is not sent.
  std::size_t heard = 0;
  loop.run([](connection& socket, std::size_t& count) -> task<void> {
    while (co_await socket.receive()) ++count;
  }(pair.server, heard));
  pair.client.close();
  loop.settle();
  REQUIRE(heard == sent);
}

TEST_CASE("the error of with_timeout gives the limit") {
  manual_loop loop;
  std::string text;
  loop.run([](std::string& out) -> task<void> {
    const auto done = co_await with_timeout(sleep_for(1h), 1500ms);
    out = done.error().message();
  }(text));
  loop.advance(2s);
  REQUIRE(text == "the operation timed out: the limit is 1500 ms");
}

TEST_CASE("with_cancellation ends a pending operation and does not start a new one") {
  manual_loop loop;
  auto pair = pair_on(loop);
  cancellation_source stop;
  std::optional<errc> out;
  loop.run([](connection& socket, cancellation_source& by, std::optional<errc>& to) -> task<void> {
    const auto done = co_await with_cancellation(socket.closed(), by);
    to = done ? errc::ok : done.error().code();
  }(pair.client, stop, out));
  REQUIRE_FALSE(out);
  stop.cancel();
  loop.settle();
  REQUIRE(out == errc::cancelled);

  bool begun = false;
  out.reset();
  loop.run([](cancellation_source& by, bool& b, std::optional<errc>& to) -> task<void> {
    const auto work = [&b]() -> task<void> {
      b = true;
      co_return;
    };
    const auto done = co_await with_cancellation(work, by);
    to = done ? errc::ok : done.error().code();
  }(stop, begun, out));
  REQUIRE(out == errc::cancelled);
  REQUIRE_FALSE(begun);
}

TEST_CASE("an operation may outlive its cancellation_source") {
  manual_loop loop;
  bool done = false;
  {
    cancellation_source stop;
    loop.run([](cancellation_token by, bool& d) -> task<void> {
      d = static_cast<bool>(co_await with_cancellation(sleep_for(10ms), std::move(by)));
    }(stop, done));
  }
  loop.advance(10ms);
  REQUIRE(done);
}

#if defined(__cpp_lib_jthread)
TEST_CASE("with_cancellation accepts a std::stop_token") {
  manual_loop loop;
  std::stop_source stop;
  std::optional<errc> out;
  loop.run([](std::stop_token by, std::optional<errc>& to) -> task<void> {
    const auto done = co_await with_cancellation(sleep_for(1h), by);
    to = done ? errc::ok : done.error().code();
  }(stop.get_token(), out));
  stop.request_stop();
  loop.settle();
  REQUIRE(out == errc::cancelled);
}
#endif
