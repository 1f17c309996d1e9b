#pragma once

// One thread of a server: its event loop, its acceptors, and the connections that they accepted.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "server/acceptor.hpp"
#include "server/connection_record.hpp"
#include "server/http_connection.hpp"
#include "server/server_context.hpp"
#include "transport/event_loop.hpp"
#include "twinsocket/async_event.hpp"

namespace twinsocket::detail {

/// The callbacks of for_each_connection(). The workers share one visitor; the last one to release it calls `done`.
struct connection_visitor {
  connection_visitor(std::function<void(connection&, const request&)> f, std::function<void()> d)
      : function(std::move(f)), done(std::move(d)) {}
  connection_visitor(const connection_visitor&) = delete;
  connection_visitor& operator=(const connection_visitor&) = delete;
  ~connection_visitor() {
    function = nullptr;
    if (done) done();
  }

  std::function<void(connection&, const request&)> function;
  std::function<void()> done;
};

class worker : public std::enable_shared_from_this<worker> {
 public:
  /// Runs on `external`, an io_context that the caller runs, or by default on one of its own.
  worker(server_context& server, server_metrics& metrics, boost::asio::io_context* external = nullptr);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  /// Accepts from this socket once run() begins. The acceptor must use context().
  void add_acceptor(stream_acceptor acceptor) { acceptors_.push_back({std::move(acceptor), purpose::serve}); }

  /// The same, but redirects every request to https://.
  void add_redirect_acceptor(stream_acceptor acceptor) {
    acceptors_.push_back({std::move(acceptor), purpose::redirect});
  }

  /// Distributes the sockets that this worker accepts to these workers, in turn. For systems where a port has one event loop.
  /// Call it before run(). This worker is one of them, and none of them ends before all have stopped.
  void distribute_to(std::vector<worker*> all) { distributed_to_ = std::move(all); }

  /// Runs a task on this thread's event loop when run() begins, and again if it runs out of memory.
  void spawn_at_start(std::function<task<void>()> work) { at_start_.push_back(std::move(work)); }

  /// Serves until stop(). Then waits until all connections have ended, at most shutdown_timeout.
  void run();

  /// From any thread. May be repeated if it throws std::bad_alloc.
  void stop();

  /// Does what run() does, on an io_context that the caller runs. Destroying the coroutine destroys the connections that are
  /// left.
  [[nodiscard]] task<void> serve();

  /// Calls the visitor for each open WebSocket, on this thread. From any thread.
  void visit_connections(std::shared_ptr<const connection_visitor> visitor);

  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }

 private:
  /// What the connections of an acceptor are for.
  enum class purpose : std::uint8_t { serve, redirect };
  struct listening_acceptor {
    stream_acceptor acceptor;
    purpose what;
  };
  [[nodiscard]] task<void> accept(listening_acceptor& from);
  [[nodiscard]] worker& next_worker(purpose what) noexcept;
  /// Serves a socket that another worker has accepted. From any thread.
  void take(stream_socket accepted, const stream_socket::endpoint_type& peer, purpose what);
  friend connection_coroutine;
  void adopt(connection_record& one) { connections_.push_back(one); }
  struct accepted_socket {
    stream_socket& socket;
    const stream_socket::endpoint_type& peer;
    purpose what;
  };
  /// The socket needs to be valid only until the coroutine first suspends.
  [[nodiscard]] connection_coroutine handle_connection(const accepted_socket& accepted);
  /// Returns the route if the connection has become a WebSocket, which is in the record then.
  [[nodiscard]] task<const websocket_route*> serve_http(connection_record& record, connection_limiter::lease& lease,
                                                        const accepted_socket& accepted);
  void count_accepted(connection_limiter::decision decision);
  void visit(const connection_visitor& visitor);
  void handler_failed(const connection_record& where, const std::exception_ptr& thrown);
  template <class Spawn>
  [[nodiscard]] bool start_tasks(Spawn spawn_accept);
  void start_shutdown();
  void abort();
  void destroy_remaining();
  template <class F>
  void run_ignoring_bad_alloc(F run);
  void shut_down();
  void abort_remaining();

  server_context& server_;
  server_metrics& metrics_;
  const std::unique_ptr<boost::asio::io_context> own_;
  boost::asio::io_context& context_;
  event_loop& loop_{event_loop::of(context_)};
  async_event stop_;
  std::vector<listening_acceptor> acceptors_;
  std::vector<worker*> distributed_to_;  // Empty: this worker serves all that it accepts.
  std::size_t last_taker_ = 0;           // Its index in distributed_to_.
  std::vector<std::function<task<void>()>> at_start_;
  std::size_t started_count_ = 0;  // The tasks of at_start_ and the acceptors that start_tasks() has started.
  connection_record::list connections_;
  std::atomic<bool> stopping_{false};
  close_info shutdown_close_;  // The close code and reason of its WebSockets when it stops.
};

}  // namespace twinsocket::detail
