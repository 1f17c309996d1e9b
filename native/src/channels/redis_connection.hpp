#pragma once

// A connection to a Redis server that is opened again when it is lost, with the commands that wait for it and for their
// replies. Used on the thread of its event loop.

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "channels/redis_reply.hpp"
#include "channels/redis_session.hpp"
#include "channels/redis_url.hpp"
#include "loop_event.hpp"
#include "twinsocket/cancel.hpp"
#include "twinsocket/detail/timer.hpp"
#include "twinsocket/native/redis_broker.hpp"

namespace twinsocket::detail {

struct redis_settings {
  redis_url url;
  redis_broker_options options;
};

/// A command whose reply is awaited. Shared with the coroutine that awaits it, which may be destroyed before.
struct redis_request {
  std::string command;      ///< Cleared once it is sent.
  bool has_run_id = false;  ///< Of the command.
  std::size_t replies = 1;  ///< The last one is the answer, or the first error.
  bool given_back = false;  ///< The answer is an error, because another node may have to be asked.
  time_point deadline{};
  loop_event answered;
  std::optional<result<redis_reply>> answer;
};

struct redis_command {
  std::string text;
  std::size_t replies = 1;
  bool has_run_id = false;  ///< The last argument is any_run_id, which is replaced when the command is sent.
};

/// What the owner of a connection does at its events. All are called on the thread of the event loop.
struct redis_connection_hooks {
  /// The commands of a new connection that come before all others. If one of them fails the connection is closed.
  std::function<std::vector<redis_command>()> first_commands;
  /// The answer to CLUSTER SLOTS of a server that is a node of a cluster. Without this hook it is not asked.
  std::function<result<void>(const redis_value&)> on_slots;
  /// These have been answered.
  std::function<void()> on_ready;
  /// Returns true for a reply that belongs to no command.
  std::function<bool(const redis_value&)> on_push;
  /// error() has changed.
  std::function<void()> on_change;
};

class redis_connection final : public std::enable_shared_from_this<redis_connection>,
                               private redis_session_listener,
                               private timer {
 public:
  redis_connection(std::shared_ptr<const redis_settings> settings, redis_connection_hooks hooks);
  ~redis_connection();

  /// Begins to connect, once.
  void start();
  /// Runs until the event loop has nothing else to do: does not reconnect, and keeps the loop running only while commands are
  /// pending.
  void drain();
  /// Ends the connection for good. All requests fail with errc::closed. The hooks are not used any more.
  void stop();

  /// Ends the requests that wait for a connection, to be made again elsewhere.
  void give_back();

  [[nodiscard]] bool ready() const noexcept { return ready_; }
  /// No request is pending.
  [[nodiscard]] bool idle() const noexcept { return sent_.empty() && waiting_.empty(); }
  /// Why there is no connection; errc::ok if there is one, or the first attempt has not ended.
  [[nodiscard]] const error& last_error() const noexcept { return last_error_; }

  /// Sends a command as soon as there is a connection. errc::queue_full if too many wait. A request that fails later has
  /// the error as its answer.
  [[nodiscard]] result<std::shared_ptr<redis_request>> send(redis_command command);
  /// Sends a command whose reply, if there is one, goes to on_push(). Nothing without a connection.
  void post(std::string_view text);

 private:
  using request_queue = std::deque<std::shared_ptr<redis_request>>;

  static task<void> run(std::shared_ptr<redis_connection> self);
  task<error> serve();
  task<result<std::unique_ptr<http_stream>>> open();
  task<result<void>> prepare();
  task<result<void>> log_in();
  task<result<void>> find_run();
  task<result<void>> find_slots();
  [[nodiscard]] std::shared_ptr<redis_request> transmit(redis_command command);
  void send_waiting();

  void on_reply(redis_reply reply) override;
  void on_lost(error why) override;
  bool is_reading() const override { return !draining_ || !sent_.empty(); }
  void on_timer(time_point now) override;
  [[nodiscard]] time_point due() const noexcept;
  void arm();
  void rearm();

  void lose(error why);
  void set_error(error why);
  void log(log_level level, std::string_view event, std::string_view detail) const;
  [[nodiscard]] error unreachable() const;
  static void finish(const std::shared_ptr<redis_request>& request, result<redis_reply> answer);
  static void fail_all(request_queue& requests, const error& why);

  const std::shared_ptr<const redis_settings> settings_;
  const std::string where_;
  redis_connection_hooks hooks_;
  std::shared_ptr<redis_session> session_;
  request_queue sent_;     // Await their replies, in this order.
  request_queue waiting_;  // Await a connection.
  std::string run_;        // Of the server that session_ reaches, as set_run() takes it.
  bool in_cluster_ = false;
  cancellation_source cancel_connect_;
  loop_event state_changed_;
  error last_error_;
  error lost_because_;
  time_point last_received_{};
  bool started_ = false;
  bool ready_ = false;
  bool draining_ = false;
  bool stopped_ = false;
};

}  // namespace twinsocket::detail
