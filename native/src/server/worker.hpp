#pragma once

// One thread of a server: its event loop, its listening socket, and the connections that came in by it.

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "server/acceptor.hpp"
#include "server/core.hpp"
#include "server/http_connection.hpp"
#include "server/open_connection.hpp"
#include "transport/event_loop.hpp"
#include "twinsocket/async_event.hpp"

namespace twinsocket::detail {

/// What is called for each connection, and once the last copy of it is gone.
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
  /// On an io_context of its own, or on one that somebody else runs.
  worker(server_core& core, server_counts& counts, boost::asio::io_context* theirs = nullptr);
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  /// Accepts from this socket, made for context(), once run() begins.
  void accept_from(stream_acceptor acceptor) { points_.push_back({std::move(acceptor), purpose::serve}); }

  /// The same, for requests that are sent on to https://.
  void redirect_from(stream_acceptor acceptor) { points_.push_back({std::move(acceptor), purpose::redirect}); }

  /// Runs a task on this thread's loop when run() begins.
  void at_start(task<void> work) { at_start_.push_back(std::move(work)); }

  /// Serves until stop(), and then until all has ended or the time for that is over.
  void run();

  /// From any thread.
  void stop();

  /// What run() does, for those whose io_context somebody else runs: serves from now on until stop(), and then until all has
  /// ended or the time for that is over. A coroutine that is destroyed destroys what is left.
  [[nodiscard]] task<void> serve();

  /// Calls the visitor for each open WebSocket, on this thread. From any thread.
  void visit_connections(std::shared_ptr<const connection_visitor> visitor);

  [[nodiscard]] boost::asio::io_context& context() noexcept { return context_; }

 private:
  /// What a connection is for.
  enum class purpose : std::uint8_t { serve, redirect };
  struct accept_point {
    stream_acceptor acceptor;
    purpose what;
  };
  [[nodiscard]] task<void> accept(accept_point& from);
  friend conversation;
  void adopt(open_connection& one) { connections_.push_back(one); }
  /// Its arguments are read before it first waits.
  [[nodiscard]] conversation converse(stream_socket& accepted, const stream_socket::endpoint_type& peer,
                                      const purpose& what);
  [[nodiscard]] task<opened_websocket> speak_http(open_connection& record, gate::ticket& place, stream_socket& accepted,
                                                  const stream_socket::endpoint_type& peer, purpose what);
  void count_arrival(gate::verdict verdict);
  void visit(const connection_visitor& visitor);
  void handler_failed(const opened_websocket& where, const std::exception_ptr& thrown);
  void begin();
  void begin_to_end();
  void cut();
  void destroy_what_is_left();
  void end_gracefully();
  void cut_what_is_left();

  server_core& core_;
  server_counts& counts_;
  const std::unique_ptr<boost::asio::io_context> own_;
  boost::asio::io_context& context_;
  event_loop& loop_{event_loop::of(context_)};
  async_event stop_;
  std::vector<accept_point> points_;
  std::vector<task<void>> at_start_;
  open_connection::list connections_;
  std::atomic<bool> stopping_{false};
  close_info last_words_;  // What the WebSockets are closed with when it stops.
};

}  // namespace twinsocket::detail
