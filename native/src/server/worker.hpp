#pragma once

// One thread of a server: its event loop, its listening socket, and the connections that came in by it.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <vector>

#include "server/acceptor.hpp"
#include "server/core.hpp"
#include "server/http_connection.hpp"
#include "server/open_connection.hpp"
#include "transport/event_loop.hpp"

namespace twinsocket::detail {

class worker {
 public:
  worker(server_core& core, server_counts& counts);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  [[nodiscard]] result<tcp_endpoint> listen(const tcp_endpoint& where, sharing how);

  /// The same, for requests that are sent on to https://.
  [[nodiscard]] result<tcp_endpoint> redirect_from(const tcp_endpoint& where);

  /// Runs a task on this thread's loop when run() begins.
  void at_start(task<void> work) { at_start_.push_back(std::move(work)); }

  /// Serves until stop(), and then until all has ended or the time for that is over.
  void run();

  /// From any thread.
  void stop();

  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }

 private:
  /// What a connection is for.
  enum class purpose : std::uint8_t { serve, redirect };
  [[nodiscard]] task<void> accept(tcp_acceptor& from, purpose what);
  friend conversation;
  void adopt(open_connection& one) { connections_.push_back(one); }
  /// Its arguments are read before it first waits.
  [[nodiscard]] conversation converse(tcp_socket& accepted, const tcp_endpoint& peer, const purpose& what);
  [[nodiscard]] task<opened_websocket> speak_http(open_connection& record, tcp_socket& accepted,
                                                  const tcp_endpoint& peer, gate::verdict verdict, purpose what);
  void count_arrival(gate::verdict verdict);
  void handler_failed(const opened_websocket& where, const std::exception_ptr& thrown);
  void end_gracefully();
  void cut_what_is_left();

  server_core& core_;
  server_counts& counts_;
  boost::asio::io_context context_{1};
  event_loop& loop_{event_loop::of(context_)};
  std::optional<tcp_acceptor> acceptor_;
  std::optional<tcp_acceptor> redirecting_;  // Where connections come in that are sent on to https://.
  std::vector<task<void>> at_start_;
  open_connection::list connections_;
  std::atomic<bool> stopping_{false};
};

}  // namespace twinsocket::detail
