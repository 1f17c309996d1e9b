#include "twinsocket/when_all.hpp"

#include <stdexcept>
#include <string>
#include <tuple>

#include "test.hpp"
#include "manual_loop.hpp"

using namespace twinsocket;
using namespace std::chrono_literals;

TEST_CASE("when_all returns all values when the last operation completes") {
  manual_loop loop;
  std::string out;
  loop.run([](std::string& text) -> task<void> {
    const auto slow = []() -> task<std::string> {
      co_await sleep_for(20ms);
      co_return "slow";
    };
    const auto quick = []() -> task<int> { co_return 7; };
    auto [first, second, third] = co_await when_all(slow, quick, sleep_for(10ms));
    static_cast<void>(third);
    text = first + std::to_string(second);
  }(out));
  loop.advance(19ms);
  REQUIRE(out.empty());
  loop.advance(1ms);
  REQUIRE(out == "slow7");
}

TEST_CASE("an exception in when_all destroys the other operations and is rethrown", "[throws]") {
  manual_loop loop;
  std::string out;
  loop.run([](std::string& text) -> task<void> {
    const auto fails = []() -> task<void> {
      co_await sleep_for(1ms);
      throw std::runtime_error("broken");
    };
    try {
      co_await when_all(sleep_for(1h), fails);
    } catch (const std::runtime_error& thrown) {
      text = thrown.what();
    }
  }(out));
  loop.advance(1ms);
  REQUIRE(out == "broken");
}
