#include "loop_event.hpp"

#include <memory>
#include <utility>

#include "test.hpp"
#include "allocations.hpp"
#include "manual_loop.hpp"
#include "twinsocket/when_any.hpp"

using namespace std::chrono_literals;
using twinsocket::cancellation_source;
using twinsocket::cancellation_token;
using twinsocket::errc;
using twinsocket::task;
using twinsocket::detail::loop_event;
using twinsocket::detail::time_point;

namespace {

task<void> await(loop_event& event, int& resumed) {
  co_await event.wait();
  ++resumed;
}

task<void> await_until(loop_event& event, time_point until, cancellation_token stop, errc& why, int& resumed) {
  why = co_await event.wait_until(until, std::move(stop));
  ++resumed;
}

}  // namespace

TEST_CASE("set() resumes all waiting coroutines, and later waits complete immediately") {
  manual_loop loop;
  loop_event event;
  int resumed = 0;
  for (int i = 0; i < 3; ++i) loop.run(await(event, resumed));
  REQUIRE(resumed == 0);
  loop.run([](loop_event& e, const int& count) -> task<void> {
    e.set();
    CHECK(count == 0);
    co_return;
  }(event, resumed));
  REQUIRE(resumed == 3);
  REQUIRE(event.is_set());
  loop.run(await(event, resumed));
  REQUIRE(resumed == 4);
}

TEST_CASE("notify() resumes the waiting coroutines, and later waits suspend") {
  manual_loop loop;
  loop_event event;
  int resumed = 0;
  const auto notify = [](loop_event& e) -> task<void> {
    e.notify();
    e.notify();
    co_return;
  };
  loop.run(notify(event));
  loop.run(await(event, resumed));
  loop.run(await(event, resumed));
  REQUIRE(resumed == 0);
  loop.run(notify(event));
  REQUIRE(resumed == 2);
  loop.run(await(event, resumed));
  REQUIRE(resumed == 2);
}

TEST_CASE(
    "destroying a waiting coroutine ends its wait, also after the notification, and so does destroying the event") {
  manual_loop loop;
  auto event = std::make_unique<loop_event>();
  auto first = std::make_unique<loop_event>();
  int resumed = 0;
  const auto first_of = [](loop_event& a, loop_event& b, int& count) -> task<void> {
    const auto won = co_await twinsocket::when_any(a.wait(), b.wait());
    CHECK(won.index() == 0);
    ++count;
  };
  loop.run(first_of(*first, *event, resumed));
  loop.run([](loop_event& a, loop_event& b) -> task<void> {
    a.set();
    b.set();  // Its waiter is destroyed before it resumes.
    co_return;
  }(*first, *event));
  REQUIRE(resumed == 1);
  event = std::make_unique<loop_event>();
  loop.run(await(*event, resumed));
  event.reset();
  loop.end_loop();
  REQUIRE(resumed == 1);
}

TEST_CASE("a wait ends with its timeout or its cancellation, whichever comes first") {
  manual_loop loop;
  loop_event event;
  cancellation_source stop;
  errc why = errc::ok;
  int resumed = 0;

  loop.run(await_until(event, loop.time() + 10ms, stop, why, resumed));
  loop.advance(9ms);
  REQUIRE(resumed == 0);
  loop.advance(1ms);
  REQUIRE(resumed == 1);
  REQUIRE(why == errc::timed_out);

  loop.run(await_until(event, loop.time() + 10ms, stop, why, resumed));
  stop.cancel();
  loop.settle();
  REQUIRE(resumed == 2);
  REQUIRE(why == errc::cancelled);
  REQUIRE(loop.next_expiry() == time_point::max());

  // Cancelled before it begins.
  loop.run(await_until(event, time_point::max(), stop, why, resumed));
  REQUIRE(resumed == 3);
  REQUIRE(why == errc::cancelled);
}

TEST_CASE("a wait whose event comes in time neither times out nor is cancelled later") {
  manual_loop loop;
  loop_event event;
  cancellation_source stop;
  errc why = errc::timed_out;
  int resumed = 0;
  loop.run(await_until(event, loop.time() + 10ms, stop, why, resumed));
  loop.run([](loop_event& e) -> task<void> {
    e.notify();
    co_return;
  }(event));
  REQUIRE(resumed == 1);
  REQUIRE(why == errc::ok);
  stop.cancel();
  loop.advance(1h);
  REQUIRE(resumed == 1);
}

TEST_CASE("waiting for an event allocates nothing") {
  manual_loop loop;
  loop_event event;
  bool done = false;
  loop.run([](manual_loop& own_loop, loop_event& e, bool& end) -> task<void> {
    // With MinGW-w64 a mutex and a thread_local variable allocate when they are used first.
    co_await e.wait_until(own_loop.now() + 1ms);
    const std::size_t before = allocations();
    for (int i = 0; i < 100; ++i) co_await e.wait_until(own_loop.now() + 1ms);
    CHECK(allocations() == before);
    end = true;
  }(loop, event, done));
  loop.advance(1s);
  REQUIRE(done);
}
