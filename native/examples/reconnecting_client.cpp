// A reconnecting client of an echo server: sends "hello" first on every new connection, then a counter every second.
// Ctrl-C closes with 1000. usage: reconnecting_client [--origin O] [--ca FILE] [--insecure] URL

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <iostream>
#include <optional>
#include <string>

#include "client_arguments.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/reconnect.hpp"

namespace {

using namespace std::chrono_literals;
using twinsocket::reconnect_phase;

// Runs first on every new connection, before queued messages are sent. Log in and subscribe here.
twinsocket::task<twinsocket::result<void>> say_hello(twinsocket::connection& socket) {
  co_await socket.send("hello");
  auto answer = co_await socket.receive();
  if (!answer) co_return answer.error();
  std::cout << "Welcomed with: " << answer->text() << std::endl;
  co_return twinsocket::result<void>();
}

class client {
 public:
  explicit client(boost::asio::io_context& io) : interrupt_(io, SIGINT) {}

  twinsocket::task<void> run(client_arguments arguments) {
    auto options = twinsocket::reconnect_options().on_connected(say_hello).policy(
        twinsocket::reconnect_policy().initial_delay(500ms).max_delay(10s));
    options.dialer([native_options = arguments.options](std::string url, twinsocket::connect_options common) {
      return twinsocket::native::connect(std::move(url),
                                         twinsocket::client_options(native_options).common(std::move(common)));
    });
    socket_.emplace(arguments.url, options);
    twinsocket::spawn(report());
    twinsocket::spawn(count());
    twinsocket::spawn(close_on_interrupt());
    while (auto message = co_await socket_->receive()) std::cout << "Received: " << message->text() << std::endl;

    const twinsocket::close_info end = co_await socket_->closed();
    std::cout << "Closed: " << close_text(end) << std::endl;
    succeeded_ = end.normal();
    interrupt_.cancel();
  }

  [[nodiscard]] bool succeeded() const { return succeeded_; }

 private:
  twinsocket::task<void> report() {
    while (auto now = co_await socket_->next_status()) {
      std::cout << describe(now->phase);
      if (now->phase == reconnect_phase::waiting) {
        std::cout << ", next attempt in " << now->delay.count() << " ms";
        if (now->error) std::cout << ": " << now->error->message();
      }
      if (now->dropped.messages != 0) std::cout << "; dropped " << now->dropped.messages << " messages";
      std::cout << std::endl;
    }
  }

  // Messages sent while disconnected are queued. When the queue is full, the oldest messages are dropped.
  twinsocket::task<void> count() {
    const auto newest = twinsocket::send_options().overflow_policy(twinsocket::overflow_policy::drop_oldest);
    for (int number = 1; socket_->is_open(); ++number) {
      const std::string text = "number " + std::to_string(number);
      co_await socket_->send(text, newest);
      co_await twinsocket::sleep_for(1s);
    }
  }

  twinsocket::task<void> close_on_interrupt() {
    const auto [failure, signal] = co_await interrupt_.async_wait(twinsocket::native::use_task);
    if (!failure) socket_->close();
  }

  boost::asio::signal_set interrupt_;
  std::optional<twinsocket::reconnecting_connection> socket_;
  bool succeeded_ = false;
};

}  // namespace

int main(int count, char** arguments) {
  auto parsed = parse_client_arguments(count, arguments);
  if (!parsed) return 2;
  boost::asio::io_context io(1);
  client client(io);
  twinsocket::native::spawn(io.get_executor(), client.run(*std::move(parsed)));
  io.run();
  return client.succeeded() ? 0 : 1;
}
