#include "session/send_queue.hpp"

#include <vector>

#include "test.hpp"

using twinsocket::detail::buffer;
using twinsocket::detail::send_queue;

namespace {

/// Appends bytes that continue the sequence 0, 1, 2, ... modulo 251.
void append(send_queue& to, std::size_t count) {
  static std::size_t next = 0;
  if (to.empty()) next = 0;
  std::byte* const begin = to.tail().prepare(count);
  for (std::size_t i = 0; i < count; ++i) begin[i] = static_cast<std::byte>(next++ % 251);
  to.tail().commit(count);
}

bool continues_at(const send_queue& queue, std::size_t first) {
  for (const std::byte b : queue.bytes())
    if (b != static_cast<std::byte>(first++ % 251)) return false;
  return true;
}

/// Leaves free blocks of all sizes in the thread's pool.
void fill_pool() {
  for (std::size_t size = 64; size <= 64 * 1024; size *= 2) {
    std::vector<buffer> some(4);
    for (buffer& one : some) static_cast<void>(one.prepare(size));
  }
}

}  // namespace

TEST_CASE("a send queue starts in a large block if the thread's pool has one") {
  fill_pool();
  send_queue queue;
  const std::size_t capacity = queue.tail().capacity();
  CHECK(capacity == 64 * 1024);
  append(queue, 60'000);
  CHECK(queue.tail().capacity() == capacity);
  queue.consume(60'000);
  CHECK(queue.empty());
}

TEST_CASE("send queues with pending output do not keep large blocks") {
  fill_pool();
  std::vector<send_queue> all(100);
  std::size_t kept = 0;
  for (send_queue& one : all) {
    append(one, 30'000);
    one.consume(29'000);
    CHECK(one.size() == 1'000);
    CHECK(continues_at(one, 29'000));
    kept += one.tail().capacity();
  }
  CHECK(kept <= all.size() * 4 * 1024);
}

TEST_CASE("output appended after a partial write follows the pending output") {
  send_queue queue;
  append(queue, 10'000);
  queue.consume(2'000);
  CHECK(queue.size() == 8'000);
  append(queue, 100);
  CHECK(queue.size() == 8'100);
  CHECK(continues_at(queue, 2'000));
  queue.consume(8'050);
  CHECK(continues_at(queue, 10'050));
  queue.consume(50);
  CHECK(queue.empty());
}
