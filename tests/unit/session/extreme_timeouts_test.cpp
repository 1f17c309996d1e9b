// Every option with a duration, with the largest value, with 0 and with negative values. The largest value means no
// limit. Zero and negative values expire immediately.

#include <functional>

#include "manual_loop.hpp"
#include "pair_on.hpp"
#include "session/reconnect_machine.hpp"
#include "session/retry_after.hpp"
#include "session/session_fixture.hpp"

using namespace session_test;
using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using twinsocket::reconnect_policy;
using twinsocket::detail::add_saturating;
using twinsocket::detail::reconnect_machine;
using phase = twinsocket::reconnect_phase;

namespace {

constexpr auto century = std::chrono::hours(24 * 365 * 100);
constexpr auto never = time_point::max();

limits all_at(milliseconds time) {
  return limits().message_timeout(time).close_timeout(time).write_timeout(time).idle_timeout(time).handshake_timeout(
      time);
}

session_options options_at(milliseconds time) {
  session_options options = options_of(role::server, all_at(time));
  options.keepalive = keepalive().interval(time).timeout(time);
  return options;
}

reconnect_machine failed_once(const reconnect_policy& policy, reconnect_machine::retry_hint hint = std::nullopt) {
  reconnect_machine client(policy, start);
  client.failed(false, hint, 0.5, start);
  return client;
}

twinsocket::task<void> receive_within(twinsocket::connection& from, nanoseconds limit, errc& into) {
  const auto got = co_await from.receive(twinsocket::receive_options().timeout(limit));
  into = got ? errc::ok : got.error().code();
}

twinsocket::task<void> send_late(twinsocket::connection& to) { co_await to.send("late"); }

twinsocket::task<void> sleeping(nanoseconds time, bool& over) {
  co_await twinsocket::sleep_for(time);
  over = true;
}

}  // namespace

TEST_CASE("add_saturating() returns time_point::max() on overflow and never a time before its argument") {
  CHECK(add_saturating(start, milliseconds::max()) == never);
  CHECK(add_saturating(start, nanoseconds::max()) == never);
  CHECK(add_saturating(start, std::chrono::hours::max()) == never);
  CHECK(add_saturating(never, 1ms) == never);
  CHECK(add_saturating(start, never - start) == never);
  CHECK(add_saturating(start, milliseconds::min()) == start);
  CHECK(add_saturating(start, std::chrono::hours::min()) == start);
  CHECK(add_saturating(start, 0ms) == start);
  CHECK(add_saturating(start, 5ms) == start + 5ms);
}

TEST_CASE("timeouts of milliseconds::max() never end a session") {
  wire_session session(options_at(milliseconds::max()), start);
  CHECK(session.next_io().wake == never);
  session.on_timer(start + century);
  CHECK(session.next_io().wake == never);
  CHECK(session.info().code == twinsocket::close_code::abnormal);
  session.close(twinsocket::close_code::normal, "");
  session.on_written(session.output().size());
  CHECK(session.next_io().wake == never);
  session.on_timer(start + century);
  CHECK_FALSE(session.next_io().close_stream);
}

TEST_CASE("timeouts of zero or less expire immediately and disable keepalive pings") {
  for (const auto time : {0ms, -1ms, milliseconds::min()}) {
    CAPTURE(time.count());
    CHECK_FALSE(keepalive().interval(time).on());
    wire_session idle(options_at(time), start);
    idle.on_timer(start);
    CHECK_FALSE(idle.output().empty());
    CHECK(idle.info().code == twinsocket::close_code::going_away);
    wire_session closing(options_of(role::server, limits().close_timeout(time)), start);
    closing.close(twinsocket::close_code::normal, "");
    closing.on_timer(start);
    CHECK(closing.next_io().close_stream);
  }
}

TEST_CASE("reconnect delays accept milliseconds::max() and treat negative values as zero") {
  // Half of the longest delay, because the random number is 0.5.
  CHECK(failed_once(reconnect_policy().initial_delay(milliseconds::max()).max_delay(milliseconds::max())).due() >
        start + century);
  CHECK(failed_once(reconnect_policy().initial_delay(milliseconds::max())).due() == start + 15s);
  CHECK(failed_once(reconnect_policy().max_delay(milliseconds::max())).due() == start + 500ms);
  CHECK(failed_once(reconnect_policy().max_retry_after(milliseconds::max()), 1h).due() == start + 1h + 500ms);
  CHECK(failed_once(reconnect_policy().max_retry_after(milliseconds::max()),
                    twinsocket::detail::parse_retry_after("99999999999999999999"))
            .due() > start + century);
  for (const auto time : {0ms, -5ms, milliseconds::min()}) {
    CHECK(failed_once(reconnect_policy().initial_delay(time)).due() == start);
    CHECK(failed_once(reconnect_policy().max_delay(time)).due() == start);
    CHECK(failed_once(reconnect_policy().max_retry_after(time), 1h).due() == start + 500ms);
  }
  for (const auto& [time, failures] : {std::pair{milliseconds::max(), 1U}, {0ms, 0U}, {milliseconds::min(), 0U}}) {
    reconnect_machine client(reconnect_policy().min_uptime(time), start);
    client.connected();
    client.prepared(start);
    client.lost({twinsocket::close_code::abnormal, {}, false, {}}, 0.5, start + 1h);
    CHECK(client.failures() == failures);
  }
  // The upper bound of the delays does not overflow for any random number and any growth factor.
  reconnect_machine client(reconnect_policy().initial_delay(1ms).growth_factor(1e300).max_delay(milliseconds::max()),
                           start);
  for (int i = 0; i < 5; ++i) {
    client.failed(false, std::nullopt, 0.9999999999999999, start);
    CHECK(client.due() > start);
    client.retry(start);
  }
  client.set_visible(false, start);
  client.failed(false, std::nullopt, 0.9999999999999999, start);
  client.set_visible(true, start);
  CHECK(client.current_phase() != phase::closed);
}

TEST_CASE("receive() with a timeout of nanoseconds::max() waits forever and with zero or less times out at once") {
  manual_loop loop;
  auto pair = pair_on(loop);
  for (const auto time : {0ns, -1ns, nanoseconds::min()}) {
    errc came = errc::ok;
    loop.run(receive_within(pair.client, time, came));
    loop.advance(0ns);
    CHECK(came == errc::timed_out);
  }
  errc came = errc::system;
  loop.run(receive_within(pair.client, nanoseconds::max(), came));
  loop.advance(1h);
  CHECK(came == errc::system);
  loop.run(send_late(pair.server));
  loop.advance(0ns);
  CHECK(came == errc::ok);
}

TEST_CASE("sleep_for(nanoseconds::max()) neither returns early nor overflows the timer") {
  manual_loop loop;
  for (const auto time : {0ns, -1ns, nanoseconds::min()}) {
    bool over = false;
    loop.run(sleeping(time, over));
    CHECK(over);
  }
  bool over = false;
  loop.run(sleeping(nanoseconds::max(), over));
  loop.advance(1h);
  CHECK_FALSE(over);
  CHECK(loop.next_expiry() != never);
  loop.advance(nanoseconds(loop.next_expiry() - loop.time()));
  CHECK(over);
}
