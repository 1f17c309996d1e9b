#pragma once

// The state of a reconnecting client behind its handle. To senders and receivers it is one connection; underneath it uses
// one connection after the other. session/reconnect_machine.hpp decides when to connect; this class does the I/O.

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "connection/connection_state.hpp"
#include "loop_event.hpp"
#include "session/offline_queue.hpp"
#include "session/receive_queue.hpp"
#include "session/reconnect_machine.hpp"
#include "twinsocket/reconnect.hpp"

namespace twinsocket::detail {

class reconnecting_state final : public connection_state, private cancellable, private environment_listener {
 public:
  /// The options contain the dialer. `jitter` returns random numbers in [0, 1).
  reconnecting_state(loop& own_loop, std::string url, reconnect_options options, double (*jitter)());

  /// Starts to connect. The object owns itself from then on until it is closed for good.
  void start();

  [[nodiscard]] reconnect_status status() const;
  /// Takes the next status change. False if there is none now.
  [[nodiscard]] bool next_status(reconnect_status& out);
  void retry_now();
  void set_online(bool on);

  [[nodiscard]] bool is_open() const noexcept override { return !finished_ && !closing_; }
  [[nodiscard]] bool settled() const noexcept override { return finished_; }
  [[nodiscard]] close_info info() const override { return info_; }
  [[nodiscard]] error failure() const override;
  [[nodiscard]] std::size_t buffered() const noexcept override;
  [[nodiscard]] twinsocket::counters current_counters() const noexcept override;
  [[nodiscard]] std::string remote_address() const override;
  [[nodiscard]] std::string local_address() const override;

 private:
  using self = std::shared_ptr<reconnecting_state>;
  using shared_connection = std::shared_ptr<connection>;

  /// One call of connect(). It lives as long as the call, which may outlive the need for its result.
  struct attempt {
    cancellation_source stop;
    std::optional<result<connection>> outcome;
  };

  bool next(message& out) override;
  errc push(const send_request& m) override;
  [[nodiscard]] bool congested() const noexcept override { return congested_; }
  void begin_close(close_code code, std::string reason) override;
  void close_stream() override;
  void release_loop() override;
  void on_cancel() override { begin_close(close_code::normal, {}); }
  void on_environment_change(environment now) override;
  void phase_changed(reconnect_phase before, time_point due);

  // run() is the task that goes from phase to phase. The others are those that it waits for.
  task<void> run(self);
  task<void> connect();
  task<void> dial(self, std::shared_ptr<attempt> one);
  task<void> prepare();
  task<void> run_on_connected(self, shared_connection fresh);
  task<void> watch_close(self, shared_connection fresh);
  task<void> receive();
  task<void> send_offline_queue(self, shared_connection to);
  task<void> await_drained(self, shared_connection in);

  void failed(error why);
  void lost(const close_info& how, error why);
  void finish();
  void report();
  /// Reports the last change to connect_options::log().
  void log_status() const;
  [[nodiscard]] bool is_connected() const noexcept {
    return connection_ && reconnect_machine_.current_phase() == reconnect_phase::open && !closing_;
  }
  [[nodiscard]] errc send_to_connection(const send_request& m, const send_options& options);
  void start_sending_offline_queue();
  void flush_offline_queue();

  std::string url_;
  reconnect_options options_;
  double (*jitter_source_)();
  reconnect_machine reconnect_machine_;
  receive_queue receive_queue_;
  offline_queue offline_queue_;

  loop_event changed_;  // Makes run() check what has changed.
  std::shared_ptr<attempt> attempt_;
  shared_connection connection_;
  std::optional<result<void>> prepared_;

  std::optional<queued_message> in_flight_;  // Taken from the offline queue, and waiting for room in the connection.
  bool in_flight_sent_ = false;
  bool sending_offline_queue_ = false;
  bool awaiting_drained_ = false;
  bool congested_ = false;
  bool reading_paused_ = false;

  bool closing_ = false;
  bool finished_ = false;
  close_info close_request_;  // The arguments of close().
  close_info info_;
  std::optional<close_info> last_close_;
  std::optional<error> last_error_;
  twinsocket::counters previous_counters_;  // Totals of the previous connections.
  std::uint64_t reported_dropped_ = 0;
  std::uint64_t reported_dropped_bytes_ = 0;
  std::deque<reconnect_status> changes_;
};

}  // namespace twinsocket::detail
