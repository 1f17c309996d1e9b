// Programming errors that terminate the program with a message, in release builds too. Each one runs in a child
// process.

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <stdexcept>
#include <string>

#include "test.hpp"
#include "twinsocket/native/loop_thread.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/pair.hpp"
#include "twinsocket/task_group.hpp"

using namespace twinsocket;
using namespace std::chrono_literals;

namespace {

/// The child's output on standard error before it aborts.
std::string last_words(void (*mistake)()) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    ::dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    mistake();
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string text;
  std::array<char, 512> block{};
  for (ssize_t count; (count = ::read(ends[0], block.data(), block.size())) > 0;)
    text.append(block.data(), static_cast<std::size_t>(count));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  CHECK(WTERMSIG(status) == SIGABRT);
  return text;
}

bool has(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

task<int> seven() { co_return 7; }

}  // namespace

TEST_CASE("awaiting a task twice or after a move terminates with a message") {
  CHECK(has(last_words([] {
              native::run([]() -> task<void> {
                auto work = seven();
                co_await std::move(work);
                co_await std::move(work);
              });
            }),
            "a task is awaited a second time"));
  CHECK(has(last_words([] {
              native::run([]() -> task<void> {
                auto work = seven();
                const auto other = std::move(work);
                co_await std::move(work);
              });
            }),
            "after it was moved from"));
}

TEST_CASE("using a moved-from connection terminates with a message") {
  CHECK(has(last_words([] {
              native::run([]() -> task<void> {
                auto pair = make_connection_pair();
                const connection other = std::move(pair.client);
                static_cast<void>(co_await pair.client.receive());
              });
            }),
            "a connection is used after it was moved from"));
}

TEST_CASE("an exception that leaves a spawned task terminates with its text") {
  CHECK(has(last_words([] {
              native::run([]() -> task<void> {
                spawn([]() -> task<void> {
                  co_await sleep_for(1ms);
                  throw std::runtime_error("the text of the exception");
                });
                co_await sleep_for(1h);
              });
            }),
            "the text of the exception"));
}

TEST_CASE("an exception in a task_group that is not joined terminates with its text") {
  CHECK(has(last_words([] {
              native::run([]() -> task<void> {
                task_group group;
                group.spawn([]() -> task<void> {
                  throw std::runtime_error("nobody joined for this");
                  co_return;
                });
                co_await sleep_for(1ms);
              });
            }),
            "nobody joined for this"));
}

#if defined(__GNUC__) && !defined(__clang__)
TEST_CASE("spawning the task of a destroyed capturing lambda terminates with a message") {
  CHECK(has(last_words([] {
              native::run([]() -> task<void> {
                const int value = 7;
                spawn([value]() -> task<void> {
                  co_await sleep_for(1ms);
                  static_cast<void>(value);
                }());
                co_await sleep_for(10ms);
              });
            }),
            "pass the lambda itself"));
}
#endif

TEST_CASE("make_connection_pair() outside of an event loop terminates with a message") {
  CHECK(has(last_words([] { static_cast<void>(make_connection_pair()); }), "only in a task on an event loop"));
}

TEST_CASE("loop_thread::run() on its own thread terminates with a message") {
  CHECK(has(last_words([] {
              native::loop_thread loop;
              loop.run([&loop]() -> task<void> {
                loop.run([]() -> task<int> { co_return 1; });
                co_return;
              });
            }),
            "is called on its own thread"));
}
