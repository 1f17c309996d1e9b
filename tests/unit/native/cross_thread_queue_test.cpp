#include "test.hpp"

#include <thread>

#include "twinsocket/native/run.hpp"
#include "twinsocket/pair.hpp"

using namespace twinsocket;

TEST_CASE("send_queue_messages limits empty messages that are sent from another thread") {
  const int taken = native::run([]() -> task<int> {
    auto pair = make_connection_pair(pair_options().limits(limits().send_queue_messages(3)));
    int count = 0;
    std::thread other([&] {
      for (int i = 0; i < 5; ++i) count += static_cast<bool>(pair.client.try_send("")) ? 1 : 0;
    });
    other.join();
    co_return count;
  }());
  REQUIRE(taken == 3);
}
