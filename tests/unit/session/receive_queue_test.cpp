#include "session/receive_queue.hpp"

#include <string>

#include "test.hpp"

using twinsocket::message;
using twinsocket::detail::receive_queue;

namespace {

std::string pop(receive_queue& from) {
  const message oldest = from.pop();
  return std::string(oldest.text());
}

}  // namespace

TEST_CASE("a receive_queue returns messages in order while more are added") {
  receive_queue queue(1'000'000);
  std::size_t added = 0;
  std::size_t taken = 0;
  for (int round = 0; round < 50; ++round) {
    for (int i = 0; i < 40; ++i) queue.push(message(std::to_string(added++)));
    for (int i = 0; i < 30; ++i) REQUIRE(pop(queue) == std::to_string(taken++));
  }
  while (!queue.empty()) REQUIRE(pop(queue) == std::to_string(taken++));
  CHECK(taken == added);
  queue.push(message("after"));
  CHECK(pop(queue) == "after");
}

TEST_CASE("a receive_queue is full when its messages and their bookkeeping reach the limit") {
  receive_queue queue(2 * sizeof(message) + 10);
  queue.push(message("12345"));
  CHECK_FALSE(queue.full());
  queue.push(message("12345"));
  CHECK(queue.full());
  queue.set_limit(2 * sizeof(message) + 11);
  CHECK_FALSE(queue.full());
  queue.set_limit(10);
  CHECK(queue.full());
  CHECK(pop(queue) == "12345");
  CHECK(queue.full());
  CHECK(pop(queue) == "12345");
  CHECK_FALSE(queue.full());
  CHECK(queue.empty());
}
