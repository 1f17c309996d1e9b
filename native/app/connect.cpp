#include "connect.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <iostream>
#include <optional>
#include <string>

#include "line_reader.hpp"
#include "pretty.hpp"
#include "text.hpp"
#include "twinsocket/connect.hpp"
#include "twinsocket/native/asio.hpp"

namespace twinsocket::app {

namespace {

namespace asio = boost::asio;

// After the end of the input it closes when for so long nothing has come.
constexpr std::chrono::seconds quiet_time{1};

class conversation {
 public:
  conversation(asio::io_context& io, const connect_settings& settings)
      : settings_(settings), lines_(io), signals_(io), shown_(::isatty(STDOUT_FILENO) != 0) {}

  /// Runs to the end of the connection. It must outlive the io_context's run().
  task<void> run();
  [[nodiscard]] exit_code ended_with() const noexcept { return ended_with_; }

 private:
  task<void> receive();
  task<void> send_lines();
  task<void> heed_signals();
  void print(const message& received) const;
  void report(const close_info& end);

  const connect_settings& settings_;
  line_reader lines_;
  asio::signal_set signals_;
  const bool shown_;  // What is printed goes to a terminal.
  const bool by_hand_ = ::isatty(STDIN_FILENO) != 0;
  std::optional<connection> socket_;
  canceller input_ended_;
  exit_code ended_with_ = exit_code::fine;
};

bool is_usage(const error& why) {
  return why == errc::invalid_url || why == errc::invalid_argument || why == errc::unsupported;
}

task<void> conversation::run() {
  connect_options options;
  for (const std::string& name : settings_.subprotocols) options.subprotocol(name);
  auto opened = co_await twinsocket::connect(settings_.url, options);
  if (!opened) {
    ended_with_ = complain(opened.error().message(),
                           is_usage(opened.error()) ? exit_code::wrong_usage : exit_code::not_connected);
    co_return;
  }
  socket_.emplace(*std::move(opened));
  if (by_hand_) {
    const std::string& name = socket_->subprotocol();
    std::cerr << "connected" + (name.empty() ? "" : ", " + name) + "; Ctrl-C closes\n" << std::flush;
  }

  spawn(send_lines());
  spawn(heed_signals());
  co_await receive();
  report(co_await socket_->closed());
  lines_.stop();
  boost::system::error_code ignored;
  signals_.cancel(ignored);
}

task<void> conversation::receive() {
  receive_options wait = receive_options().cancel_on(input_ended_);
  for (;;) {
    const auto received = co_await socket_->receive(wait);
    if (received) {
      print(*received);
    } else if (received.error() == errc::cancelled) {
      wait = receive_options().time_limit(quiet_time);
    } else if (received.error() == errc::timed_out && socket_->is_open()) {
      socket_->close();
      wait = receive_options();
    } else {
      co_return;
    }
  }
}

task<void> conversation::send_lines() {
  while (true) {
    const auto line = co_await lines_.next();
    if (!line) {
      if (line.error() != errc::closed) complain(line.error().message());
      break;
    }
    if (const auto sent = co_await socket_->send(*line); !sent && sent.error() != errc::closed)
      complain("not sent: " + sent.error().message());
  }
  input_ended_.cancel();
}

// The second Ctrl-C is for a server that does not answer.
task<void> conversation::heed_signals() {
  boost::system::error_code ignored;
  for (const int signal : {SIGINT, SIGTERM}) signals_.add(signal, ignored);
  if (const auto [stopped, first] = co_await signals_.async_wait(native::use_task); stopped) co_return;
  socket_->close();
  if (const auto [stopped, second] = co_await signals_.async_wait(native::use_task); stopped) co_return;
  socket_->abort();
}

void conversation::print(const message& received) const {
  std::optional<std::string> pretty;
  if (settings_.json) pretty = pretty_json(received);
  if (settings_.xml && !pretty) pretty = pretty_xml(received);
  std::string line = pretty               ? *std::move(pretty)
                     : received.is_text() ? std::string(received.text())
                                          : hex(received.bytes());
  if (shown_) line = printable(line, "\n\t");
  std::cout << line + "\n" << std::flush;
}

void conversation::report(const close_info& end) {
  const bool well = end.normal() || (end.clean && end.is(close_code::no_status));
  if (!well) ended_with_ = exit_code::closed_with_error;
  if (well && !by_hand_) return;
  std::string text =
      "closed: " + std::to_string(static_cast<unsigned>(end.code)) + " (" + std::string(describe(end.code)) + ")";
  if (!end.reason.empty()) text += " " + end.reason;
  complain(text);
}

}  // namespace

exit_code connect(const connect_settings& settings) {
  asio::io_context io(1);
  conversation talk(io, settings);
  native::spawn(io.get_executor(), talk.run());
  io.run();
  return talk.ended_with();
}

}  // namespace twinsocket::app
