// Concurrent sends on one connection from many threads. Run it with ThreadSanitizer.

#include <charconv>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "test.hpp"
#include "running_server.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/native/run.hpp"

using namespace twinsocket;

namespace {

constexpr int threads = 8;
constexpr int messages = 500;

// "3 17 cccc...": thread, number, and a filler of the thread's own letter whose size depends on the number.
std::string text_of(int thread, int number) {
  std::string text = std::to_string(thread) + " " + std::to_string(number) + " ";
  text.append(static_cast<std::size_t>(number * 37 % 3'000), static_cast<char>('a' + thread));
  return text;
}

// Receives everything. Returns the error, or "" if there is none.
task<std::string> take_all(connection& socket) {
  std::map<int, int> next;
  for (int i = 0; i < threads * messages; ++i) {
    const auto received = co_await socket.receive();
    if (!received) co_return "after " + std::to_string(i) + " messages: " + received.error().message();
    int thread = -1;
    std::from_chars(received->text().data(), received->text().data() + received->size(), thread);
    const std::string expected = text_of(thread, next[thread]++);
    if (received->text() != expected) co_return "not the next one of its thread: " + expected.substr(0, 10);
  }
  co_return std::string(next.size() == threads ? "" : "not all threads were heard");
}

// Sends from a thread without an event loop; it retries instead of waiting.
void send_as_thread(connection& socket, int thread) {
  for (int i = 0; i < messages; ++i) {
    const std::string text = text_of(thread, i);
    for (send_result sent = socket.try_send(text); !sent; sent = socket.try_send(text)) {
      if (sent.error() != errc::queue_full) return;
      std::this_thread::yield();
    }
  }
}

// Sends from a thread with an event loop of its own, on which it waits.
void send_as_task(connection& socket, int thread) {
  native::run([](connection& to, int number) -> task<void> {
    for (int i = 0; i < messages; ++i) {
      const std::string text = text_of(number, i);
      if (!co_await to.send(text)) co_return;
    }
  }(socket, thread));
}

std::vector<std::thread> send_from_threads(connection& socket) {
  std::vector<std::thread> all;
  for (int i = 0; i < threads; ++i) all.emplace_back(i % 2 == 0 ? send_as_thread : send_as_task, std::ref(socket), i);
  return all;
}

}  // namespace

TEST_CASE("concurrent sends from many threads arrive whole and in order per thread") {
  for (const std::size_t queue : {16 * mib, 20 * kib}) {
    std::string at_server;
    const running_server s([&](server& to) {
      to.websocket("/", [&](connection socket) -> task<void> {
        at_server = co_await take_all(socket);
        co_await socket.send("taken");
        auto all = send_from_threads(socket);
        // The threads need this one's event loop to continue.
        while (co_await socket.receive()) continue;
        for (std::thread& one : all) one.join();
      });
    });
    const std::string at_client = native::run([](std::string url, std::size_t bytes) -> task<std::string> {
      const auto options = connect_options().limits(limits().send_queue_bytes(bytes));
      auto socket = co_await connect(std::move(url), options);
      if (!socket) co_return socket.error().message();
      auto all = send_from_threads(*socket);
      static_cast<void>(co_await socket->receive());
      std::string wrong = co_await take_all(*socket);
      for (std::thread& one : all) one.join();
      co_await socket->close();
      co_return wrong;
    }("ws://127.0.0.1:" + std::to_string(s.port()) + "/", queue));
    CHECK(at_client == "");
    CHECK(at_server == "");
  }
}
