#include "server/worker.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <boost/asio/executor_work_guard.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <new>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "attempt.hpp"
#include "connection/condition_awaiter.hpp"
#include "server/exception_text.hpp"
#include "transport/random_bytes.hpp"
#include "transport/start_transport.hpp"
#include "twinsocket/native/asio.hpp"
#include "twinsocket/reconnect_policy.hpp"
#include "twinsocket/task_group.hpp"

namespace twinsocket::detail {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

// Pause after a failed accept, which usually means that the process has no file descriptors left.
constexpr auto accept_pause = 50ms;
// Delay before a retry of what ran out of memory and must not fail.
constexpr auto memory_pause = 50ms;
// Upper bound of poll() calls after the remaining connections were aborted.
constexpr int max_final_polls = 1000;
// On the caller's io_context: how often to check whether all connections have ended, and how many times after the abort.
constexpr auto end_check_interval = 5ms;
constexpr int max_final_checks = 200;

// Counts the close of a connection on destruction, so also when its coroutine is destroyed.
struct close_counter {
  ~close_counter() {
    // Out of memory: no other code is left to close the connection.
    if (std::uncaught_exceptions() != 0) connection.abort();
    metrics.count_close(connection.session_info());
  }

  server_metrics& metrics;
  wire_connection& connection;
};

// Why a WebSocket is closed, with a delay of its own if there is a spread.
std::string shutdown_reason(const stop_request& how) {
  std::string reason = "the server stops";
  const std::int64_t least = how.retry_after;
  if (least < 0) return reason;
  const std::int64_t spread = std::clamp<std::int64_t>(how.spread, 0, INT64_MAX - least);
  std::array<std::byte, sizeof(std::uint64_t)> drawn{};
  if (spread > 0) random_bytes(drawn);
  const auto part = std::bit_cast<std::uint64_t>(drawn) % (static_cast<std::uint64_t>(spread) + 1);
  return reason + ", " + retry_after(std::chrono::seconds(least + static_cast<std::int64_t>(part)));
}

task<void> retry_on_bad_alloc(std::function<task<void>()> work) {
  for (;;) {
    try {
      co_await work();
      co_return;
    } catch (const std::bad_alloc&) {
    }
    co_await sleep_for(memory_pause);
  }
}

// Waits until a connection has lost its transport. A coroutine of its own, so that the awaiter does not enlarge the frame of
// its caller, which lives longer.
task<void> wait_for_transport_end(wire_connection& connection) {
  condition_awaiter end(connection, [&] { return connection.is_stream_closed(); });
  co_await end;
}

// Unix-domain peers and trusted proxies count only towards the total. For a proxy, the client's address is counted once a
// request names it.
connection_limiter::lease make_lease(server_context& server, const stream_socket::endpoint_type& peer) {
  const auto number = to_tcp_endpoint(peer);
  if (!number || server.proxies.trusts(peer)) return connection_limiter::lease(server.connections);
  return connection_limiter::lease(server.connections, number->address());
}

}  // namespace

worker::worker(server_context& server, server_metrics& metrics, boost::asio::io_context* external)
    : server_(server),
      metrics_(metrics),
      own_(external ? nullptr : std::make_unique<boost::asio::io_context>(1)),
      context_(external ? *external : *own_) {}

// Returns false if it ran out of memory. The next call then continues.
template <class Spawn>
bool worker::start_tasks(Spawn spawn_accept) {
  return attempt([&] {
    for (; started_count_ < at_start_.size(); ++started_count_) spawn(retry_on_bad_alloc(at_start_[started_count_]));
    for (; started_count_ < at_start_.size() + acceptors_.size(); ++started_count_)
      spawn_accept(accept(acceptors_[started_count_ - at_start_.size()]));
    at_start_.clear();
  });
}

void worker::run() {
  for (bool started = false; !started;) {
    const loop::turn turn(loop_, clock::now());
    started = start_tasks([](task<void> work) { spawn(std::move(work)); });
    if (!started) std::this_thread::sleep_for(memory_pause);
  }
  // A worker need not have an acceptor.
  auto until_stop = boost::asio::make_work_guard(context_);
  run_ignoring_bad_alloc([&] { context_.run(); });
  until_stop.reset();
  shut_down();
  if (!context_.stopped()) abort_remaining();
  // A coroutine that waits for something other than its connection would wait for ever.
  const loop::turn turn(loop_, clock::now());
  destroy_remaining();
  loop_.destroy_spawned();
}

void worker::destroy_remaining() {
  while (!connections_.empty()) connection_coroutine::destroy(connections_.front());
}

task<void> worker::serve() {
  // A guard, because the io_context may be destroyed before the server has ended.
  struct at_end {
    explicit at_end(worker& w) : self(w) {}
    ~at_end() {
      self.stopping_ = true;
      boost::system::error_code ignored;
      for (listening_acceptor& point : self.acceptors_) point.acceptor.close(ignored);
      self.destroy_remaining();
      // The io_context may be destroyed before the worker.
      self.acceptors_.clear();
      self.at_start_.clear();
    }
    worker& self;
  };
  const at_end end(*this);
  std::optional<task_group> accepting;
  while (!attempt([&] { accepting.emplace(); })) co_await sleep_for(memory_pause);
  while (!start_tasks([&](task<void> work) { accepting->spawn(std::move(work)); })) co_await sleep_for(memory_pause);
  while (!stopping_) {
    try {
      co_await stop_.wait();
    } catch (const std::bad_alloc&) {
    }
    if (!stopping_) co_await sleep_for(memory_pause);
  }
  const time_point until = add_saturating(loop_.now(), server_.options.shutdown_timeout);
  start_shutdown();
  while (!connections_.empty() && loop_.now() < until) co_await sleep_for(end_check_interval);
  if (connections_.empty()) co_return;
  abort();
  for (int i = 0; i < max_final_checks && !connections_.empty(); ++i) co_await sleep_for(end_check_interval);
}

template <class F>
void worker::run_ignoring_bad_alloc(F run) {
  for (;;) {
    try {
      run();
      return;
    } catch (const std::bad_alloc&) {
      // The connection concerned has closed itself. The others go on.
      static_cast<void>(attempt([&] { server_.log({log_level::error, "out of memory", {}, {}, {}}); }));
    }
  }
}

void worker::stop() {
  const bool stops_already = stopping_.exchange(true);
  if (!own_) return stop_.set();
  if (!stops_already) context_.stop();
}

void worker::start_shutdown() {
  shutdown_close_ = {server_.stopping.code, {}, false, close_initiator::local};
  static_cast<void>(attempt([&] { shutdown_close_.reason = shutdown_reason(server_.stopping); }));
  boost::system::error_code ignored;
  for (listening_acceptor& point : acceptors_) point.acceptor.close(ignored);
  for (connection_record& connection : connections_)
    if (!attempt([&] {
          if (server_.stopping.spread > 0) shutdown_close_.reason = shutdown_reason(server_.stopping);
          connection.stop(shutdown_close_);
        }))
      connection.abort();
}

void worker::shut_down() {
  const auto until = detail::add_saturating(clock::now(), server_.options.shutdown_timeout);
  {
    const loop::turn turn(loop_, clock::now());
    start_shutdown();
    loop_.drain();
  }
  context_.restart();
  run_ignoring_bad_alloc([&] { context_.run_until(until); });
}

void worker::abort() {
  static_cast<void>(attempt([&] {
    server_.log({log_level::warning, "connections aborted", "the shutdown timeout has passed", {}, {}});
  }));
  for (connection_record& connection : connections_) connection.abort();
}

void worker::abort_remaining() {
  {
    const loop::turn turn(loop_, clock::now());
    abort();
  }
  context_.restart();
  run_ignoring_bad_alloc([&] {
    for (int i = 0; i < max_final_polls && context_.poll() != 0; ++i) {
    }
  });
}

task<void> worker::accept(listening_acceptor& from) {
  while (!stopping_) {
    stream_socket::endpoint_type peer;
    boost::system::error_code failure;
    try {
      worker& taker = next_worker(from.what);
      auto [refused, socket] = co_await from.acceptor.async_accept(taker.context_, peer, native::use_task);
      failure = refused;
      if (!failure && &taker != this) taker.take(std::move(socket), peer, from.what);
      if (!failure && &taker == this) handle_connection({socket, peer, from.what}).start();
    } catch (const std::bad_alloc&) {
      failure = make_error_code(boost::system::errc::not_enough_memory);
    }
    if (failure && !stopping_ && failure != boost::asio::error::connection_aborted) {
      metrics_.accept_failures.add();
      static_cast<void>(attempt([&] {
        server_.log({log_level::warning, "accept failed", failure.message(), {}, {}});
      }));
      co_await sleep_for(accept_pause);
    }
  }
}

worker& worker::next_worker(purpose what) noexcept {
  if (distributed_to_.empty() || what == purpose::redirect) return *this;
  last_taker_ = (last_taker_ + 1) % distributed_to_.size();
  return *distributed_to_[last_taker_];
}

void worker::take(stream_socket accepted, const stream_socket::endpoint_type& peer, purpose what) {
  // Shared, because the function is copied.
  auto socket = std::make_shared<stream_socket>(std::move(accepted));
  loop_.handle()->post([this, alive = own_ ? nullptr : shared_from_this(), socket = std::move(socket), peer, what] {
    if (!stopping_) handle_connection({*socket, peer, what}).start();
  });
}

// What an open WebSocket no longer needs is in serve_http(), because a coroutine frame keeps room for all its locals.
connection_coroutine worker::handle_connection(const accepted_socket& accepted) {
  connection_record& record = co_await connection_coroutine::record();
  connection_limiter::lease lease = make_lease(server_, accepted.peer);
  count_accepted(lease.decision());
  if (lease.decision() == connection_limiter::decision::flood) co_return;
  const websocket_route* const route = co_await serve_http(record, lease, accepted);
  if (!route) co_return;

  const close_counter counted{metrics_, *record.websocket()};
  // The handler, then the wait for the end. The handler lives until its exception is handled: its destructor would close the
  // connection before handler_failed() does.
  std::optional<task<void>> running;
  try {
    running.emplace(route->handler(connection(record.websocket()), record.req()));
    co_await *std::move(running);
  } catch (...) {
    if (!attempt([&] { handler_failed(record, std::current_exception()); })) record.websocket()->ran_out_of_memory();
  }
  running.reset();
  record.release_request();
  // It counts as an open connection until its transport is gone.
  running.emplace(wait_for_transport_end(*record.websocket()));
  co_await *std::move(running);
}

void worker::count_accepted(connection_limiter::decision decision) {
  metrics_.connections_accepted.add();
  if (decision == connection_limiter::decision::limit) metrics_.count_refused(refusal_reason::limit);
  if (decision == connection_limiter::decision::address_limit) metrics_.count_refused(refusal_reason::address_limit);
  if (decision == connection_limiter::decision::flood) metrics_.count_refused(refusal_reason::flood);
}

task<const websocket_route*> worker::serve_http(connection_record& record, connection_limiter::lease& lease,
                                                const accepted_socket& accepted) {
  const purpose what = accepted.what;
  http_connection http(server_, metrics_, record, lease, std::move(accepted.socket), accepted.peer);
  if (lease.decision() != connection_limiter::decision::accepted) {
    co_await http.reject_over_limit();
    co_return nullptr;
  }
  if (what == purpose::redirect) {
    co_await http.redirect();
    co_return nullptr;
  }
  co_return co_await http.serve();
}

void worker::visit_connections(std::shared_ptr<const connection_visitor> visitor) {
  // Work that is posted to the worker's own io_context never outlives the worker. On the caller's io_context it may.
  loop_.handle()->post(
      [this, alive = own_ ? nullptr : shared_from_this(), visitor = std::move(visitor)] { visit(*visitor); });
}

void worker::visit(const connection_visitor& visitor) {
  // A copy of the list, because the visitor may end connections and so change it.
  std::vector<std::pair<std::shared_ptr<wire_connection>, const request*>> open;
  for (const connection_record& one : connections_)
    if (one.websocket() && one.websocket()->is_open()) open.emplace_back(one.websocket(), &one.req());
  for (const auto& [state, req] : open) {
    connection socket(state);
    try {
      visitor.function(socket, *req);
    } catch (...) {
      metrics_.handler_failures.add();
      server_.log({log_level::error, "handler failed", exception_text(), state->remote_address(), {}});
    }
    // The handler owns the connection: the destructor of `socket` must not close it.
    [[maybe_unused]] const auto released = socket.release();
  }
}

void worker::handler_failed(const connection_record& where, const std::exception_ptr& thrown) {
  std::string fault;
  try {
    std::rethrow_exception(thrown);
  } catch (...) {
    fault = exception_text();
  }
  metrics_.handler_failures.add();
  const std::string peer = where.websocket()->remote_address();
  server_.log({log_level::error, "handler failed", fault, peer, where.req().target()});
  where.websocket()->close(close_code::internal_error, "internal server error");
}

}  // namespace twinsocket::detail
