// Many reconnecting clients in one program: herd URL COUNT LONGEST_DELAY_IN_MS. Each line of its output is a time in
// milliseconds, the number of a client, and an event. On each line of input every client sends five messages; three of
// them are queued if it is not connected.

#include <unistd.h>

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include "twinsocket/native/asio.hpp"
#include "twinsocket/reconnect.hpp"

namespace {

namespace asio = boost::asio;
using twinsocket::task;

void say(int number, const std::string& what) {
  static const auto begun = std::chrono::steady_clock::now();
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun);
  std::cout << std::to_string(passed.count()) + ' ' + std::to_string(number) + ' ' + what + '\n' << std::flush;
}

class client {
 public:
  client(int number, const std::string& url, std::chrono::milliseconds longest)
      : number_(number), socket_(url, options(longest)) {}

  task<void> run() {
    twinsocket::spawn(report());
    while (auto message = co_await socket_.receive()) say(number_, "heard " + std::string(message->text()));
  }
  void send() {
    const auto newest = twinsocket::send_options().overflow_policy(twinsocket::overflow_policy::drop_oldest);
    for (const char* text : {"m1", "m2", "m3", "m4", "m5"}) socket_.try_send(text, newest);
  }

 private:
  twinsocket::reconnect_options options(std::chrono::milliseconds longest) {
    return twinsocket::reconnect_options()
        .policy(twinsocket::reconnect_policy().initial_delay(longest).max_delay(longest))
        .offline_queue_bytes(6)
        .on_connected([this](twinsocket::connection& fresh) { return subscribe(fresh); });
  }
  task<twinsocket::result<void>> subscribe(twinsocket::connection& fresh) {
    const std::string wish = "subscribe " + std::to_string(number_);
    co_await fresh.send(wish);
    const auto answer = co_await fresh.receive();
    if (!answer) co_return answer.error();
    say(number_, "subscribed " + std::string(answer->text()));
    co_return twinsocket::result<void>();
  }
  task<void> report() {
    while (auto now = co_await socket_.next_status())
      say(number_, std::string(describe(now->phase)) + " dropped " + std::to_string(now->dropped.messages));
  }

  int number_;
  twinsocket::reconnecting_connection socket_;
};

task<void> run(asio::io_context& io, std::string url, int count, std::chrono::milliseconds longest) {
  std::vector<std::unique_ptr<client>> herd;
  for (int i = 0; i < count; ++i) {
    herd.push_back(std::make_unique<client>(i, url, longest));
    twinsocket::spawn(herd.back()->run());
  }
  asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
  std::array<char, 100> line;
  for (;;) {
    const auto [failure, size] = co_await input.async_read_some(asio::buffer(line), twinsocket::native::use_task);
    if (failure) std::_Exit(0);
    for (const auto& one : herd) one->send();
  }
}

}  // namespace

int main(int count, char** words) {
  if (count != 4) return 2;
  asio::io_context io(1);
  const std::chrono::milliseconds longest(std::atoi(words[3]));
  twinsocket::native::spawn(io.get_executor(), run(io, words[1], std::atoi(words[2]), longest));
  io.run();
}
