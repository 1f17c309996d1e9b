#include "connect.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <chrono>
#include <csignal>
#include <iostream>
#include <limits>
#include <optional>
#include <string>

#include "client_options.hpp"
#include "line_editor.hpp"
#include "line_reader.hpp"
#include "text.hpp"
#include "transcript.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/reconnect.hpp"

namespace twinsocket::app {

namespace {

namespace asio = boost::asio;

// After the end of the input it closes when for so long nothing has come.
constexpr std::chrono::seconds quiet_time{1};

bool is_usage(const error& why) {
  return why == errc::invalid_url || why == errc::invalid_argument || why == errc::unsupported;
}

reconnect_options options_of(const connect_settings& settings, const native::connect_options& ways) {
  reconnect_policy policy;
  // One attempt, and whatever ends the connection ends it for good.
  constexpr auto all = static_cast<close_code>(std::numeric_limits<std::uint16_t>::max());
  if (!settings.reconnect) policy.attempts(1).stop_on(static_cast<close_code>(0), all);
  reconnect_options options(ways.common());
  options.policy(std::move(policy)).dial([ways](std::string url, connect_options common) {
    return native::connect(std::move(url), native::connect_options(ways).common(std::move(common)));
  });
  return options;
}

class conversation {
 public:
  conversation(asio::io_context& io, const connect_settings& settings) : settings_(settings), signals_(io) {
    if (line_editor::usable()) {
      editor_.emplace(io);
    } else {
      lines_.emplace(io);
    }
  }

  /// Runs to the end of the connection. It must outlive the io_context's run().
  task<void> run();
  [[nodiscard]] exit_code ended_with() const noexcept { return ended_with_; }

 private:
  task<void> follow();
  task<void> receive();
  task<result<std::string>> next_line();
  task<void> send_lines();
  task<void> send_line(std::string line);
  task<void> heed_signals();
  void show(const std::string& lines, std::string_view kept = "\n\t");
  void say(const std::string& what);
  void report(const close_info& end);

  const connect_settings& settings_;
  asio::signal_set signals_;
  std::optional<line_editor> editor_;
  std::optional<line_reader> lines_;
  const bool shown_ = ::isatty(STDOUT_FILENO) != 0;  // What is printed goes to a terminal.
  const bool by_hand_ = ::isatty(STDIN_FILENO) != 0;
  const bool full_ = shown_ || settings_.verbose;  // Direction, kind and time are told.
  std::optional<reconnecting_connection> socket_;
  canceller input_ended_;
  bool was_open_ = false;
  std::optional<error> failure_;
  exit_code ended_with_ = exit_code::fine;
};

task<void> conversation::run() {
  const auto native_options = native_options_of(settings_);
  if (!native_options) {
    ended_with_ = complain(native_options.error().detail());
    co_return;
  }
  if (settings_.insecure) complain("--insecure: nobody checks whom this talks to");
  socket_.emplace(settings_.url, options_of(settings_, *native_options));
  spawn(follow());
  spawn(send_lines());
  spawn(heed_signals());
  co_await receive();
  const close_info end = co_await socket_->closed();
  if (editor_) editor_->stop();
  if (lines_) lines_->stop();
  report(end);
  boost::system::error_code ignored;
  signals_.cancel(ignored);
}

task<void> conversation::follow() {
  while (auto now = co_await socket_->next_status()) {
    if (now->phase == reconnect_phase::open) {
      was_open_ = true;
      const std::string& name = socket_->subprotocol();
      if (by_hand_ || settings_.reconnect) say("connected" + (name.empty() ? "" : ", " + name) + "; Ctrl-C closes");
    } else if (now->phase == reconnect_phase::waiting) {
      say((now->why ? now->why->message() : "not connected") + "; again in " + std::to_string(now->delay.count()) + " ms");
    }
  }
}

task<void> conversation::receive() {
  receive_options wait = receive_options().cancel_on(input_ended_);
  for (;;) {
    const auto received = co_await socket_->receive(wait);
    if (received) {
      show(full_ ? line_of('<', *received, settings_) : content_of(*received, settings_));
    } else if (received.error() == errc::cancelled) {
      wait = receive_options().time_limit(quiet_time);
    } else if (received.error() == errc::timed_out && socket_->is_open()) {
      // What was sent is still kept where there is no connection yet.
      const bool is_open = socket_->status().phase == reconnect_phase::open;
      if (!is_open && (!was_open_ || socket_->buffered_amount() != 0)) continue;
      socket_->close();
      wait = receive_options();
    } else {
      failure_ = received.error();
      co_return;
    }
  }
}

task<result<std::string>> conversation::next_line() { return editor_ ? editor_->next() : lines_->next(); }

task<void> conversation::send_lines() {
  for (;;) {
    auto line = co_await next_line();
    if (!line) {
      if (line.error() != errc::closed) complain(line.error().message());
      break;
    }
    co_await send_line(*std::move(line));
  }
  input_ended_.cancel();
}

task<void> conversation::send_line(std::string line) {
  const auto sent = co_await socket_->send(line);
  if (!sent && sent.error() != errc::closed) complain("not sent: " + sent.error().message());
  if (!sent || !full_) co_return;
  const std::string shown = printable(line_of('>', message(line), connect_settings()), "\n\t");
  if (editor_) {
    editor_->replace_entered(shown);
  } else if (!by_hand_ || !shown_) {
    std::cout << shown + "\n" << std::flush;
  }
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

void conversation::show(const std::string& lines, std::string_view kept) {
  const std::string fit = shown_ ? printable(lines, kept) : lines;
  if (editor_) {
    editor_->print(fit);
  } else {
    std::cout << fit + "\n" << std::flush;
  }
}

void conversation::say(const std::string& what) {
  const std::string text = full_ ? notice_of(what) : what;
  if (editor_) {
    show(text, "");
  } else {
    std::cerr << printable(text) + "\n" << std::flush;
  }
}

void conversation::report(const close_info& end) {
  if (failure_ && *failure_ != errc::closed && end.initiator != close_initiator::local) {
    ended_with_ = complain(failure_->message(), is_usage(*failure_) ? exit_code::wrong_usage : exit_code::not_connected);
    return;
  }
  if (!was_open_) {
    ended_with_ = exit_code::not_connected;
    return;
  }
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
