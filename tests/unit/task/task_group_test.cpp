#include "twinsocket/task_group.hpp"

#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "test.hpp"
#include "manual_loop.hpp"

using namespace twinsocket;
using namespace std::chrono_literals;

TEST_CASE("join() waits for all tasks of a task_group including tasks spawned by tasks") {
  manual_loop loop;
  std::string order;
  loop.run([](std::string& out) -> task<void> {
    task_group group;
    group.spawn([&]() -> task<void> {
      co_await sleep_for(10ms);
      out += 'b';
      group.spawn([&]() -> task<void> {
        co_await sleep_for(10ms);
        out += 'c';
      });
    });
    group.spawn([&]() -> task<void> {
      out += 'a';
      co_return;
    });
    CHECK(group.size() == 1);
    CHECK(out == "a");
    co_await group.join();
    out += 'd';
  }(order));
  loop.advance(30ms);
  REQUIRE(order == "abcd");
}

TEST_CASE("destroying a task_group destroys its suspended tasks") {
  manual_loop loop;
  std::string order;
  loop.run([](std::string& out) -> task<void> {
    struct at_end {
      explicit at_end(std::string& t) : to(t) {}
      ~at_end() { to += 'x'; }
      std::string& to;
    };
    {
      task_group group;
      for (int i = 0; i < 3; ++i)
        group.spawn([&]() -> task<void> {
          const at_end here(out);
          co_await sleep_for(1h);
          out += '!';
        });
    }
    out += '.';
    co_return;
  }(order));
  loop.advance(2h);
  REQUIRE(order == "xxx.");
}

TEST_CASE("an exception in a task_group cancels the other tasks and is rethrown by join()", "[throws]") {
  manual_loop loop;
  std::string text;
  loop.run([](std::string& out) -> task<void> {
    task_group group;
    group.spawn([]() -> task<void> { co_await sleep_for(1h); });
    group.spawn([]() -> task<void> {
      co_await sleep_for(1ms);
      throw std::runtime_error("broken");
      co_return;
    });
    try {
      co_await group.join();
    } catch (const std::runtime_error& thrown) {
      out = thrown.what();
    }
    CHECK(group.size() == 0);
  }(text));
  loop.advance(1ms);
  REQUIRE(text == "broken");
}

TEST_CASE("cancel() completes join()") {
  manual_loop loop;
  bool joined = false;
  loop.run([](bool& done) -> task<void> {
    task_group group;
    group.spawn([]() -> task<void> { co_await sleep_for(1h); });
    spawn([&group]() -> task<void> {
      co_await sleep_for(1ms);
      group.cancel();
    });
    co_await group.join();
    done = true;
  }(joined));
  loop.advance(1ms);
  REQUIRE(joined);
}

TEST_CASE("a task_group can be moved with its tasks") {
  manual_loop loop;
  std::string order;
  loop.run([](std::string& out) -> task<void> {
    std::optional<task_group> first(std::in_place);
    first->spawn([&]() -> task<void> {
      co_await sleep_for(10ms);
      out += 'a';
    });
    task_group second(std::move(*first));
    first.reset();
    CHECK(second.size() == 1);
    co_await second.join();
    out += 'b';
  }(order));
  REQUIRE(order.empty());
  loop.advance(10ms);
  REQUIRE(order == "ab");
}
