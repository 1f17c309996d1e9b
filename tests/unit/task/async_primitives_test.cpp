// async_event, async_queue and async_mutex on one event loop. tests/unit/native/threads_test.cpp uses several.

#include <optional>
#include <string>
#include <vector>

#include "test.hpp"
#include "manual_loop.hpp"
#include "twinsocket/async_event.hpp"
#include "twinsocket/async_mutex.hpp"
#include "twinsocket/async_queue.hpp"
#include "twinsocket/with_timeout.hpp"

using namespace twinsocket;
using namespace std::chrono_literals;

TEST_CASE("async_event::set() resumes all waiters until reset()") {
  manual_loop loop;
  async_event event;
  int gone_on = 0;
  const auto wait = [&] {
    loop.run([](async_event& e, int& count) -> task<void> {
      co_await e.wait();
      ++count;
    }(event, gone_on));
  };
  wait();
  wait();
  REQUIRE(gone_on == 0);
  event.set();
  loop.settle();
  REQUIRE(gone_on == 2);
  wait();
  REQUIRE(gone_on == 3);
  event.reset();
  wait();
  REQUIRE(gone_on == 3);
}

TEST_CASE("destroying an async_event resumes its waiters") {
  manual_loop loop;
  bool done = false;
  {
    std::optional<async_event> event(std::in_place);
    loop.run([](async_event& e, bool& d) -> task<void> {
      co_await e.wait();
      d = true;
    }(*event, done));
    event.reset();
    loop.settle();
  }
  REQUIRE(done);
}

TEST_CASE("async_queue preserves order, blocks push() at its capacity and ends pop() after close()") {
  manual_loop loop;
  async_queue<int> queue(2);
  std::vector<int> taken;
  bool ended = false;
  loop.run([](async_queue<int>& q) -> task<void> {
    for (int i = 0; i < 6; ++i) co_await q.push(i);
    q.close();
  }(queue));
  REQUIRE(queue.size() == 2);
  REQUIRE_FALSE(queue.try_push(9));
  loop.run([](async_queue<int>& q, std::vector<int>& out, bool& e) -> task<void> {
    while (auto item = co_await q.pop()) out.push_back(*item);
    e = true;
  }(queue, taken, ended));
  loop.settle();
  REQUIRE(taken == std::vector<int>{0, 1, 2, 3, 4, 5});
  REQUIRE(ended);
  REQUIRE_FALSE(queue.try_push(9));
}

TEST_CASE("a cancelled pop() takes no item and leaves it to the next waiter") {
  manual_loop loop;
  async_queue<int> queue(2);
  std::vector<int> taken;
  cancellation_source stop;
  loop.run([](async_queue<int>& q, cancellation_source& by, std::vector<int>& out) -> task<void> {
    auto item = co_await with_cancellation(q.pop(), by);
    if (item) out.push_back(-*item);
  }(queue, stop, taken));
  loop.run([](async_queue<int>& q, std::vector<int>& out) -> task<void> {
    auto item = co_await q.pop();
    if (item) out.push_back(*item);
  }(queue, taken));
  // Both in one iteration of the loop: the first waiter gets the item and is destroyed before it resumes.
  loop.run([](async_queue<int>& q, cancellation_source& by) -> task<void> {
    by.cancel();
    q.try_push(1);
    co_return;
  }(queue, stop));
  loop.settle();
  REQUIRE(taken == std::vector<int>{1});
}

TEST_CASE("a push() that times out adds no item") {
  manual_loop loop;
  async_queue<int> queue(1);
  queue.try_push(1);
  loop.run([](async_queue<int>& q) -> task<void> {
    const auto put = co_await with_timeout(q.push(2), 1ms);
    CHECK(put.error() == errc::timed_out);
  }(queue));
  loop.advance(1ms);
  REQUIRE(queue.try_pop() == 1);
  loop.settle();
  REQUIRE(queue.size() == 0);
}

TEST_CASE("async_mutex grants the lock to one task at a time in call order") {
  manual_loop loop;
  std::optional<async_mutex> mutex(std::in_place);
  std::string order;
  const auto enter = [&](char name) {
    loop.run([](async_mutex& m, char c, std::string& out) -> task<void> {
      const async_lock lock = co_await m.lock();
      out += c;
      co_await sleep_for(10ms);
      out += static_cast<char>(c - 'a' + 'A');
    }(*mutex, name, order));
  };
  enter('a');
  enter('b');
  enter('c');
  mutex.reset();  // Locks and waiters outlive the mutex.
  loop.advance(30ms);
  REQUIRE(order == "aAbBcC");
}
