// Sends the time every second and prints the messages received. Ctrl-C closes with 1000 and waits up to 1 s for the server.
// usage: ticker_client [--origin O] [--ca FILE] [--insecure] URL

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <ctime>
#include <iostream>
#include <optional>

#include "client_arguments.hpp"
#include "twinsocket/native/asio.hpp"

namespace {

using namespace std::chrono_literals;
using twinsocket::native::use_task;

std::string time_now() {
  const std::time_t now = std::time(nullptr);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now))};
}

class ticker {
 public:
  explicit ticker(boost::asio::io_context& io) : tick_(io), interrupt_(io) {}

  // Three tasks on one thread: one receives, one sends, and one waits for Ctrl-C.
  twinsocket::task<void> run(client_arguments arguments) {
    arguments.options.common(twinsocket::connect_options().limits(twinsocket::limits().close_timeout(1s)));
    auto opened = co_await twinsocket::native::connect(arguments.url, arguments.options);
    if (!opened) {
      std::cerr << opened.error().message() << '\n';
      co_return;
    }
    socket_.emplace(*std::move(opened));
    twinsocket::spawn(send_times());
    twinsocket::spawn(close_on_interrupt());
    while (auto message = co_await socket_->receive()) std::cout << message->text() << std::endl;

    const twinsocket::close_info end = co_await socket_->closed();
    std::cout << "Closed: " << close_text(end) << std::endl;
    succeeded_ = end.normal();
    tick_.cancel();
    interrupt_.cancel();
  }

  [[nodiscard]] bool succeeded() const { return succeeded_; }

 private:
  twinsocket::task<void> send_times() {
    while (socket_->is_open()) {
      const std::string now = time_now();
      co_await socket_->send(now);
      tick_.expires_after(1s);
      if (co_await tick_.async_wait(use_task)) co_return;
    }
  }

  twinsocket::task<void> close_on_interrupt() {
    interrupt_.add(SIGINT);
    const auto [failure, signal] = co_await interrupt_.async_wait(use_task);
    if (!failure) socket_->close();
  }

  boost::asio::steady_timer tick_;
  boost::asio::signal_set interrupt_;
  std::optional<twinsocket::connection> socket_;
  bool succeeded_ = false;
};

}  // namespace

int main(int count, char** arguments) {
  auto parsed = parse_client_arguments(count, arguments);
  if (!parsed) return 2;
  boost::asio::io_context io(1);
  ticker ticker(io);
  twinsocket::native::spawn(io.get_executor(), ticker.run(*std::move(parsed)));
  io.run();
  return ticker.succeeded() ? 0 : 1;
}
