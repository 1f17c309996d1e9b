#include "twinsocket/when_any.hpp"

#include <stdexcept>
#include <string>
#include <variant>
#include <vector>

#include "test.hpp"
#include "pair_on.hpp"
#include "twinsocket/async_event.hpp"
#include "twinsocket/async_queue.hpp"

using namespace twinsocket;
using namespace std::chrono_literals;

namespace {

task<int> after(std::chrono::milliseconds time, int value) {
  co_await sleep_for(time);
  co_return value;
}

// Records the destruction of its coroutine frame.
struct traced {
  explicit traced(bool& f) : gone(&f) {}
  traced(const traced&) = delete;
  traced& operator=(const traced&) = delete;
  ~traced() { *gone = true; }
  bool* gone;
};

task<void> wait_for_ever(bool& destroyed) {
  const traced t(destroyed);
  co_await sleep_for(std::chrono::hours::max());
}

}  // namespace

TEST_CASE("when_any returns the first result and destroys the other operations") {
  manual_loop loop;
  bool destroyed = false;
  std::size_t index = 9;
  int value = 0;
  loop.run([](bool& gone, std::size_t& i, int& v) -> task<void> {
    auto first = co_await when_any(after(20ms, 2), after(10ms, 1), wait_for_ever(gone));
    i = first.index();
    v = std::get<1>(first);
    CHECK(gone);
  }(destroyed, index, value));
  REQUIRE(index == 9);
  loop.advance(10ms);
  REQUIRE(index == 1);
  REQUIRE(value == 1);
}

TEST_CASE("when_any does not start later operations if one completes immediately") {
  manual_loop loop;
  bool begun = false;
  bool done = false;
  loop.run([](bool& b, bool& d) -> task<void> {
    const auto second = [&b]() -> task<void> {
      b = true;
      co_return;
    };
    auto first = co_await when_any(sleep_for(0ms), second);
    CHECK(first.index() == 0);
    d = true;
  }(begun, done));
  REQUIRE(done);
  REQUIRE_FALSE(begun);
}

TEST_CASE("a receive() that loses in when_any leaves its message to the next receive()") {
  manual_loop loop;
  auto pair = pair_on(loop);
  std::vector<std::string> heard;
  loop.run([](connection& socket, auto& all) -> task<void> {
    for (int i = 0; i < 3; ++i) {
      auto first = co_await when_any(socket.receive(), sleep_for(10ms));
      if (auto* const received = std::get_if<0>(&first)) {
        all.emplace_back((*received)->text());
      } else {
        all.emplace_back("time");
      }
    }
  }(pair.client, heard));
  loop.advance(10ms);
  pair.server.try_send("one");
  pair.server.try_send("two");
  loop.settle();
  REQUIRE(heard == std::vector<std::string>{"time", "one", "two"});
}

TEST_CASE("two receive() calls in one when_any take one message") {
  manual_loop loop;
  auto pair = pair_on(loop);
  std::vector<std::string> heard;
  loop.run([](connection& socket, auto& all) -> task<void> {
    auto first = co_await when_any(socket.receive(), socket.receive());
    all.emplace_back(std::get<0>(first)->text());
    auto second = co_await socket.receive();
    all.emplace_back(second->text());
  }(pair.client, heard));
  pair.server.try_send("one");
  pair.server.try_send("two");
  loop.settle();
  REQUIRE(heard == std::vector<std::string>{"one", "two"});
}

TEST_CASE("when_any waits for a message, a queue item or a timer") {
  manual_loop loop;
  auto pair = pair_on(loop);
  async_queue<int> queue(4);
  std::string order;
  loop.run([](connection& socket, async_queue<int>& q, std::string& out) -> task<void> {
    for (int i = 0; i < 3; ++i) {
      auto first = co_await when_any(socket.receive(), q.pop(), sleep_for(1s));
      out += static_cast<char>('a' + first.index());
    }
  }(pair.client, queue, order));
  queue.try_push(1);
  loop.settle();
  pair.server.try_send("x");
  loop.settle();
  loop.advance(1s);
  REQUIRE(order == "bac");
}

TEST_CASE("destroying a when_any destroys its operations") {
  bool destroyed = false;
  {
    manual_loop loop;
    loop.run([](bool& gone) -> task<void> {
      co_await when_any(wait_for_ever(gone), sleep_for(std::chrono::hours(10000)));
    }(destroyed));
    REQUIRE_FALSE(destroyed);
    loop.end_loop();
  }
  REQUIRE(destroyed);
}

TEST_CASE("an operation can be created and moved before it is awaited") {
  manual_loop loop;
  auto pair = pair_on(loop);
  bool done = false;
  loop.run([](connection& socket, bool& d) -> task<void> {
    auto receiving = socket.receive();
    auto moved = std::move(receiving);
    auto racing = when_any(std::move(moved), sleep_for(1s));
    auto first = co_await racing;
    d = first.index() == 0 && std::get<0>(first)->text() == "one";
  }(pair.client, done));
  pair.server.try_send("one");
  loop.settle();
  REQUIRE(done);
}

TEST_CASE("an exception of the first operation is rethrown by when_any", "[throws]") {
  manual_loop loop;
  std::string text;
  loop.run([](std::string& out) -> task<void> {
    const auto fails = []() -> task<int> {
      co_await sleep_for(1ms);
      throw std::runtime_error("broken");
    };
    try {
      co_await when_any(fails, sleep_for(1s));
    } catch (const std::runtime_error& thrown) {
      out = thrown.what();
    }
  }(text));
  loop.advance(1ms);
  REQUIRE(text == "broken");
}

TEST_CASE("an operation that lost is destroyed before the task resumes, also if what was awaited is kept") {
  manual_loop loop;
  bool destroyed = false, known = false;
  int step = 0;
  async_event event;
  loop.run([](const async_event& set_later, bool& gone, bool& was_gone, int& at) -> task<void> {
    auto first = when_any(wait_for_ever(gone), set_later.wait(), sleep_for(1ms));
    const auto ended = co_await first;
    was_gone = gone;
    at = static_cast<int>(ended.index());
    co_await sleep_for(1s);
    at = 10;
  }(event, destroyed, known, step));
  loop.advance(1ms);
  CHECK(known);
  CHECK(step == 2);
  // Nobody waits for it any more.
  event.set();
  loop.settle();
  CHECK(step == 2);
  loop.advance(1s);
  CHECK(step == 10);
}
