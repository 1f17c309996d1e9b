// Ten connections whose messages go into one queue, and which end together. usage: fan_in_client [URL]

#include <iostream>
#include <string>

#include "twinsocket/async_queue.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/native/run.hpp"
#include "twinsocket/task_group.hpp"

using namespace twinsocket;

namespace {

task<void> run_client(std::string url, int number, async_queue<std::string>& into) {
  auto socket = co_await connect(url);
  if (!socket) {
    co_await into.push(socket.error().message());
    co_return;
  }
  co_await socket->send("hello from " + std::to_string(number));
  while (auto message = co_await socket->receive()) co_await into.push(std::string(message->text()));
}

task<void> collect(std::string url) {
  async_queue<std::string> messages(100);
  task_group clients;
  for (int i = 0; i < 10; ++i) clients.spawn(run_client(url, i, messages));
  for (int i = 0; i < 10; ++i) {
    auto message = co_await messages.pop();
    std::cout << *message << '\n';
  }
}  // The task_group destroys the ten suspended tasks, and their connections close.

}  // namespace

int main(int count, char** arguments) { native::run(collect(count > 1 ? arguments[1] : "ws://localhost:8080/echo")); }
