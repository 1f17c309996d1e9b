#pragma once

// The state of a reconnecting client behind its handle. To senders and receivers it is one connection; underneath it uses
// one connection after the other. session/reconnecting.hpp decides when to connect; this class does the I/O.

#include <coroutine>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "connection/connection_state.hpp"
#include "session/inbound.hpp"
#include "session/reconnecting.hpp"
#include "session/unsent.hpp"
#include "twinsocket/reconnect.hpp"

namespace twinsocket::detail {

class reconnecting_state final : public connection_state,
                                 private timer,
                                 private cancellable,
                                 private surroundings_listener {
 public:
  /// The options contain the dialer. `chance` returns random numbers in [0, 1).
  reconnecting_state(loop& home, std::string url, reconnect_options options, double (*chance)());

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
  [[nodiscard]] twinsocket::counters counted() const noexcept override;
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
  /// Suspends the task below until wake(). The task then checks what has changed.
  class parking : public resumable {
   public:
    explicit parking(reconnecting_state& client) noexcept : client_(&client) {}
    ~parking() {
      if (client_->parked_ == this) client_->parked_ = nullptr;
    }
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) noexcept {
      set_waiting(waiting);
      client_->parked_ = this;
    }
    void await_resume() const noexcept {}

   private:
    reconnecting_state* client_;
  };
  [[nodiscard]] parking park() noexcept { return parking(*this); }

  bool next(message& out) override;
  errc push(const outgoing& m) override;
  [[nodiscard]] bool congested() const noexcept override { return congested_; }
  void begin_close(close_code code, std::string reason) override;
  void cut() override;
  void lose_loop() override;
  void on_time(time_point now) override;
  void on_cancel() override { begin_close(close_code::normal, {}); }
  void changed(surroundings now) override;
  void apply(reconnect_phase before, time_point due);

  // run() is the task that goes from phase to phase. The others are those that it waits for.
  task<void> run(self);
  task<void> connect();
  task<void> dial(self, std::shared_ptr<attempt> one);
  task<void> prepare();
  task<void> ask_first(self, shared_connection fresh);
  task<void> notice_end(self, shared_connection fresh);
  task<void> receive();
  task<void> send_kept(self, shared_connection to);
  task<void> await_room(self, shared_connection in);

  void failed(error why);
  void lost(const close_info& how, error why);
  void finish();
  void report();
  /// Reports the last change to connect_options::log().
  void tell_log() const;
  void wake();
  void wake_at(time_point when);
  [[nodiscard]] bool up() const noexcept { return inner_ && machine_.now_in() == reconnect_phase::open && !closing_; }
  [[nodiscard]] errc hand_over(const outgoing& m, const send_options& options);
  void begin_to_send_kept();
  void hand_over_kept();

  std::string url_;
  reconnect_options options_;
  double (*chance_)();
  reconnecting machine_;
  inbound inbox_;
  unsent unsent_;

  parking* parked_ = nullptr;
  std::shared_ptr<attempt> attempt_;
  shared_connection inner_;
  std::optional<result<void>> prepared_;

  std::optional<waiting_message> in_hand_;  // Taken from the offline queue, and waiting for room in the connection.
  bool in_hand_is_out_ = false;
  bool sending_kept_ = false;
  bool awaiting_room_ = false;
  bool congested_ = false;
  bool reading_paused_ = false;

  bool closing_ = false;
  bool finished_ = false;
  close_info asked_;  // The arguments of close().
  close_info info_;
  std::optional<close_info> last_close_;
  std::optional<error> last_error_;
  twinsocket::counters past_;  // Totals of the previous connections.
  std::uint64_t told_dropped_ = 0;
  std::uint64_t told_dropped_bytes_ = 0;
  std::deque<reconnect_status> changes_;
};

}  // namespace twinsocket::detail
