#pragma once

// The event loop of one thread, on an Asio io_context. It is a service of the io_context, so that it can be found from every
// Asio object with an executor.

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <span>

#include "loop.hpp"
#include "platform/socket_poller.hpp"
#include "transport/handler_memory.hpp"

namespace twinsocket::detail {

class event_loop final : public boost::asio::execution_context::service, public loop {
 public:
  using key_type = event_loop;
  static inline boost::asio::execution_context::id id;

  explicit event_loop(boost::asio::execution_context& context);

  [[nodiscard]] static event_loop& of(boost::asio::io_context& context) {
    return boost::asio::use_service<event_loop>(context);
  }
  /// The loop of the running task. It must be an event_loop.
  [[nodiscard]] static event_loop& current() { return static_cast<event_loop&>(loop::require_current()); }

  [[nodiscard]] boost::asio::io_context& context() const noexcept { return context_; }

  /// The read buffer that all sockets of this thread share. Its content is only valid within a turn.
  [[nodiscard]] std::span<std::byte> read_buffer();

  /// Takes a socket over, to receive its events until it is closed.
  [[nodiscard]] std::shared_ptr<connected_socket> watch_socket(stream_socket socket, readiness_listener& listener);

  /// For tests: whether Asio watches all sockets and one loop of a server accepts for all, as on other platforms.
  static inline std::atomic<bool> portable_sockets{false};

 private:
  void wake() override;
  void wake_at(time_point when) override;
  void shutdown() override;
  void work_started() override {
    ++work_count_;
    if (!work_guard_) work_guard_.emplace(context_.get_executor());
  }
  void work_finished() override;

  static constexpr std::size_t read_buffer_size = 512 * 1024;

  boost::asio::io_context& context_;
  boost::asio::steady_timer timer_;
  // Memory of the operations that must not fail: the posted call that wakes the loop, the wait for the next timer, and the
  // posted call that lets the io_context run out of work.
  handler_memory wake_memory_;
  handler_memory timer_memory_;
  handler_memory release_memory_;
  bool waiting_ = false;                  // A wait of timer_ has not completed.
  time_point again_ = time_point::max();  // Waited for once the cancelled wait has completed, or there is memory again.
  std::unique_ptr<std::byte[]> read_buffer_;
  std::unique_ptr<socket_poller> poller_;  // Null: Asio watches all sockets.
  std::size_t work_count_ = 0;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_guard_;
};

}  // namespace twinsocket::detail
