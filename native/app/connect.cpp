#include "connect.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <csignal>
#include <limits>
#include <optional>
#include <string>

#include "client_options.hpp"
#include "line_editor.hpp"
#include "line_reader.hpp"
#include "output.hpp"
#include "text.hpp"
#include "transcript.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/reconnect.hpp"

namespace twinsocket::app {

namespace {

namespace asio = boost::asio;

// After the end of the input: closes once no message has arrived for this long.
constexpr std::chrono::seconds quiet_time{1};
// After Ctrl-C: how long a pending write to standard output may block.
constexpr std::chrono::seconds output_time{1};

bool is_usage(const error& why) {
  return why == errc::invalid_url || why == errc::invalid_argument || why == errc::unsupported;
}

reconnect_options options_of(const connect_settings& settings, const native::connect_options& ways) {
  reconnect_policy policy;
  // One attempt only: no close code leads to a reconnect.
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
  conversation(asio::io_context& io, const connect_settings& settings) : settings_(settings), signals_(io), output_limit_(io), output_(io) {
    if (line_editor::usable()) {
      editor_.emplace(io);
    } else {
      lines_.emplace(io);
    }
  }

  /// Completes when the connection has ended. This object must outlive the io_context's run().
  task<void> run();
  [[nodiscard]] exit_code ended_with() const noexcept { return ended_with_; }

 private:
  task<void> follow();
  task<void> receive();
  task<result<std::string>> next_line();
  task<void> send_lines();
  task<void> send_line(std::string line);
  task<void> heed_signals();
  task<void> heed_reader();
  task<void> limit_output();
  task<void> show(std::string lines);
  void output_failed(const error& why);
  void say(const std::string& what);
  void report(const close_info& end);

  const connect_settings& settings_;
  asio::signal_set signals_;
  asio::steady_timer output_limit_;
  paced_output output_;
  std::optional<line_editor> editor_;
  std::optional<line_reader> lines_;
  const bool shown_ = ::isatty(STDOUT_FILENO) != 0;  // Standard output is a terminal.
  const bool by_hand_ = ::isatty(STDIN_FILENO) != 0;
  const bool full_ = shown_ || settings_.verbose;  // Print direction, kind and time too.
  std::optional<reconnecting_connection> socket_;
  cancellation_source input_ended_;
  bool was_open_ = false;
  bool output_failed_ = false;
  bool stream_failed_ = false;  // Writing standard output or reading standard input failed.
  std::optional<error> failure_;
  exit_code ended_with_ = exit_code::fine;
};

task<void> conversation::run() {
  const auto native_options = native_options_of(settings_);
  if (!native_options) {
    ended_with_ = complain(native_options.error().detail());
    co_return;
  }
  if (settings_.insecure) complain("--insecure: the server's certificate is not verified");
  socket_.emplace(settings_.url, options_of(settings_, *native_options));
  spawn(follow());
  spawn(send_lines());
  spawn(heed_signals());
  if (!editor_) spawn(heed_reader());
  co_await receive();
  const close_info end = co_await socket_->closed();
  if (editor_) editor_->stop();
  if (lines_) lines_->stop();
  report(end);
  boost::system::error_code ignored;
  signals_.cancel(ignored);
  output_limit_.cancel();
  output_.stop();
}

task<void> conversation::follow() {
  while (auto now = co_await socket_->next_status()) {
    if (now->phase == reconnect_phase::open) {
      was_open_ = true;
      const std::string& name = socket_->subprotocol();
      if (by_hand_ || settings_.reconnect) say("connected" + (name.empty() ? "" : ", " + name) + "; Ctrl-C closes");
    } else if (now->phase == reconnect_phase::waiting) {
      say((now->why ? now->why->message() : "not connected") + "; retrying in " + std::to_string(now->delay.count()) +
          " ms");
    }
  }
}

task<void> conversation::receive() {
  receive_options wait = receive_options().cancel_on(input_ended_);
  for (;;) {
    const auto received = co_await socket_->receive(wait);
    if (received) {
      std::string text = full_ ? line_of('<', *received, settings_) : content_of(*received, settings_);
      co_await show(std::move(text));
    } else if (received.error() == errc::cancelled) {
      wait = receive_options().time_limit(quiet_time);
    } else if (received.error() == errc::timed_out && socket_->is_open()) {
      // Messages sent before the connection is open are still queued.
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
      if (line.error() != errc::closed) {
        complain(line.error().message());
        stream_failed_ = true;
      }
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
  std::string shown = printable(line_of('>', message(line), connect_settings()), "\n\t");
  if (editor_) {
    editor_->replace_entered(shown);
  } else if (!by_hand_ || !shown_) {
    shown += '\n';
    const auto written = co_await output_.write(std::move(shown));
    if (!written) output_failed(written.error());
  }
}

// The first Ctrl-C starts the closing handshake, a second one aborts, for servers that do not respond.
task<void> conversation::heed_signals() {
  boost::system::error_code ignored;
  for (const int signal : {SIGINT, SIGTERM}) signals_.add(signal, ignored);
  if (const auto [stopped, first] = co_await signals_.async_wait(native::use_task); stopped) co_return;
  socket_->close();
  spawn(limit_output());
  if (const auto [stopped, second] = co_await signals_.async_wait(native::use_task); stopped) co_return;
  socket_->abort();
}

// The reader of standard output may exit while there is nothing to write.
task<void> conversation::heed_reader() {
  const bool gone = co_await output_.reader_gone();
  if (gone) output_failed(error(errc::system, "standard output cannot be written", std::make_error_code(std::errc::broken_pipe)));
}

task<void> conversation::limit_output() {
  output_limit_.expires_after(output_time);
  const auto stopped = co_await output_limit_.async_wait(native::use_task);
  if (!stopped) output_.stop();
}

// Waits for a slow reader. No message is received meanwhile, so the server sees backpressure.
task<void> conversation::show(std::string lines) {
  std::string fit = shown_ ? printable(lines, "\n\t") : std::move(lines);
  if (editor_) {
    editor_->print(fit);
  } else if (!output_failed_) {
    fit += '\n';
    const auto written = co_await output_.write(std::move(fit));
    if (!written) output_failed(written.error());
  }
}

void conversation::output_failed(const error& why) {
  if (std::exchange(output_failed_, true)) return;
  complain(why.message());
  stream_failed_ = true;
  socket_->close();
}

void conversation::say(const std::string& what) {
  const std::string text = full_ ? notice_of(what) : what;
  if (editor_) {
    editor_->print(printable(text));
  } else {
    static_cast<void>(standard_error().write(printable(text) + "\n"));
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
  if (well && stream_failed_) ended_with_ = exit_code::stream_failed;
  if (well && !by_hand_) return;
  complain("closed: " + describe(end));
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
