#include "connect.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <limits>
#include <optional>
#include <string>

#include "line_reader.hpp"
#include "make_client_options.hpp"
#include "output.hpp"
#include "platform/line_editor.hpp"
#include "platform/signals.hpp"
#include "platform/standard_streams.hpp"
#include "text.hpp"
#include "transcript.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/reconnect.hpp"

namespace twinsocket::app {

namespace {

namespace asio = boost::asio;

// After the end of the input: closes once no message has arrived for this long.
constexpr std::chrono::seconds quiet_timeout{1};
// After Ctrl-C: how long a pending write to standard output may block.
constexpr std::chrono::seconds output_timeout{1};

bool is_usage_error(const error& why) {
  return why == errc::invalid_url || why == errc::invalid_argument || why == errc::unsupported;
}

reconnect_options options_of(const connect_settings& settings, const client_options& native_options) {
  reconnect_policy policy;
  // One attempt only: no close code leads to a reconnect.
  constexpr auto all = static_cast<close_code>(std::numeric_limits<std::uint16_t>::max());
  if (!settings.reconnect) policy.max_attempts(1).stop_on(static_cast<close_code>(0), all);
  reconnect_options options(native_options.common());
  options.policy(std::move(policy)).dialer([native_options](std::string url, connect_options common) {
    return native::connect(std::move(url), client_options(native_options).common(std::move(common)));
  });
  return options;
}

class connect_command {
 public:
  connect_command(asio::io_context& io, const connect_settings& settings)
      : settings_(settings), signals_(io), output_limit_(io), output_(io) {
    if (line_editor::is_available()) {
      editor_.emplace(io);
    } else {
      lines_.emplace(io);
    }
  }

  /// Completes when the connection has ended. This object must outlive the io_context's run().
  task<void> run();
  [[nodiscard]] exit_code exit_status() const noexcept { return exit_status_; }

 private:
  task<void> watch_status();
  task<void> receive();
  task<result<std::string>> next_line();
  task<void> send_lines();
  task<void> send_line(std::string line);
  task<void> handle_signals();
  task<void> watch_standard_output();
  task<void> limit_output_time();
  task<void> show(std::string lines);
  void output_failed(const error& why);
  void print_notice(const std::string& what);
  void report(const close_info& end);

  const connect_settings& settings_;
  asio::signal_set signals_;
  asio::steady_timer output_limit_;
  async_output output_;
  std::optional<line_editor> editor_;
  std::optional<line_reader> lines_;
  const bool output_is_terminal_ = is_terminal(standard_stream::output);  // Standard output is a terminal.
  const bool input_is_terminal_ = is_terminal(standard_stream::input);
  const bool with_details_ = output_is_terminal_ || settings_.verbose;  // Print direction, kind and time too.
  std::optional<reconnecting_connection> socket_;
  cancellation_source input_ended_;
  bool was_open_ = false;
  bool output_failed_ = false;
  bool stream_failed_ = false;  // Writing standard output or reading standard input failed.
  std::optional<error> failure_;
  exit_code exit_status_ = exit_code::success;
};

task<void> connect_command::run() {
  const auto native_options = make_client_options(settings_);
  if (!native_options) {
    exit_status_ = print_error(native_options.error().detail());
    co_return;
  }
  if (settings_.insecure) print_error("--insecure: the server's certificate is not verified");
  socket_.emplace(settings_.url, options_of(settings_, *native_options));
  spawn(watch_status());
  spawn(send_lines());
  spawn(handle_signals());
  if (!editor_) spawn(watch_standard_output());
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

task<void> connect_command::watch_status() {
  while (auto now = co_await socket_->next_status()) {
    if (now->phase == reconnect_phase::open) {
      was_open_ = true;
      const std::string& name = socket_->subprotocol();
      if (input_is_terminal_ || settings_.reconnect)
        print_notice("connected" + (name.empty() ? "" : ", " + name) + "; Ctrl-C closes");
    } else if (now->phase == reconnect_phase::waiting) {
      print_notice((now->error ? now->error->message() : "not connected") + "; retrying in " +
                   std::to_string(now->delay.count()) + " ms");
    }
  }
}

task<void> connect_command::receive() {
  receive_options wait = receive_options().cancel_on(input_ended_);
  for (;;) {
    const auto received = co_await socket_->receive(wait);
    if (received) {
      std::string text =
          with_details_ ? format_message('<', *received, settings_) : format_content(*received, settings_);
      co_await show(std::move(text));
    } else if (received.error() == errc::cancelled) {
      wait = receive_options().timeout(quiet_timeout);
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

task<result<std::string>> connect_command::next_line() { return editor_ ? editor_->next() : lines_->next(); }

task<void> connect_command::send_lines() {
  for (;;) {
    auto line = co_await next_line();
    if (!line) {
      if (line.error() != errc::closed) {
        print_error(line.error().message());
        stream_failed_ = true;
      }
      break;
    }
    co_await send_line(*std::move(line));
  }
  input_ended_.cancel();
}

task<void> connect_command::send_line(std::string line) {
  const auto sent = co_await socket_->send(line);
  if (!sent && sent.error() != errc::closed) print_error("not sent: " + sent.error().message());
  if (!sent || !with_details_) co_return;
  std::string shown = escape_control(format_message('>', message(line), connect_settings()), "\n\t");
  if (editor_) {
    editor_->replace_last_line(shown);
  } else if (!input_is_terminal_ || !output_is_terminal_) {
    shown += '\n';
    const auto written = co_await output_.write(std::move(shown));
    if (!written) output_failed(written.error());
  }
}

// The first Ctrl-C starts the closing handshake, a second one aborts, for servers that do not respond.
task<void> connect_command::handle_signals() {
  boost::system::error_code ignored;
  for (const int signal : stop_signals()) signals_.add(signal, ignored);
  if (const auto [stopped, first] = co_await signals_.async_wait(native::use_task); stopped) co_return;
  socket_->close();
  spawn(limit_output_time());
  if (const auto [stopped, second] = co_await signals_.async_wait(native::use_task); stopped) co_return;
  socket_->abort();
}

// The reader of standard output may exit while there is nothing to write.
task<void> connect_command::watch_standard_output() {
  const bool gone = co_await output_.wait_for_reader_exit();
  if (gone)
    output_failed(
        error(errc::system, "standard output cannot be written", std::make_error_code(std::errc::broken_pipe)));
}

task<void> connect_command::limit_output_time() {
  output_limit_.expires_after(output_timeout);
  const auto stopped = co_await output_limit_.async_wait(native::use_task);
  if (!stopped) output_.stop();
}

// Waits for a slow reader. No message is received meanwhile, so the server sees backpressure.
task<void> connect_command::show(std::string lines) {
  std::string fit = output_is_terminal_ ? escape_control(lines, "\n\t") : std::move(lines);
  if (editor_) {
    editor_->print(fit);
  } else if (!output_failed_) {
    fit += '\n';
    const auto written = co_await output_.write(std::move(fit));
    if (!written) output_failed(written.error());
  }
}

void connect_command::output_failed(const error& why) {
  if (std::exchange(output_failed_, true)) return;
  print_error(why.message());
  stream_failed_ = true;
  socket_->close();
}

void connect_command::print_notice(const std::string& what) {
  const std::string text = with_details_ ? format_notice(what) : what;
  if (editor_) {
    editor_->print(escape_control(text));
  } else {
    static_cast<void>(standard_error().write(escape_control(text) + "\n"));
  }
}

void connect_command::report(const close_info& end) {
  if (failure_ && *failure_ != errc::closed && end.initiator != close_initiator::local) {
    exit_status_ =
        print_error(failure_->message(), is_usage_error(*failure_) ? exit_code::wrong_usage : exit_code::not_connected);
    return;
  }
  if (!was_open_) {
    exit_status_ = exit_code::not_connected;
    return;
  }
  const bool well = end.normal() || (end.clean && end.is(close_code::no_status));
  if (!well) exit_status_ = exit_code::closed_with_error;
  if (well && stream_failed_) exit_status_ = exit_code::stream_failed;
  if (well && !input_is_terminal_) return;
  print_error("closed: " + describe(end));
}

}  // namespace

exit_code connect(const connect_settings& settings) {
  asio::io_context io(1);
  connect_command command(io, settings);
  native::spawn(io.get_executor(), command.run());
  io.run();
  return command.exit_status();
}

}  // namespace twinsocket::app
