#include "server/worker.hpp"

#include <algorithm>
#include <chrono>
#include <new>
#include <optional>
#include <thread>
#include <utility>

#include "attempt.hpp"
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
constexpr int last_turns = 1000;
// On the caller's io_context: how often to check whether all connections have ended, and how many times after the abort.
constexpr auto look_again = 5ms;
constexpr int last_looks = 200;

// Counts the close of a connection on destruction, so also when its coroutine is destroyed.
struct counted_until_end {
  ~counted_until_end() {
    // Out of memory: no other code is left to close the connection.
    if (std::uncaught_exceptions() != 0) connection.abort();
    counts.closed(connection.session_info());
  }

  server_counts& counts;
  wire_connection& connection;
};

task<void> persist(std::function<task<void>()> work) {
  for (;;) {
    try {
      co_await work();
      co_return;
    } catch (const std::bad_alloc&) {
    }
    co_await sleep_for(memory_pause);
  }
}

class gone_awaiter final : public waiter {
 public:
  explicit gone_awaiter(wire_connection& connection) noexcept : waiter(connection), wire_(connection) {}

  [[nodiscard]] bool await_ready() const noexcept { return wire_.is_cut(); }
  void await_suspend(std::coroutine_handle<> waiting) { wire_.watch(*this, waiting); }
  void await_resume() const noexcept {}

 private:
  [[nodiscard]] bool ready() override { return await_ready(); }

  wire_connection& wire_;
};

// Waits until a connection has lost its transport. A coroutine of its own, so that the awaiter does not enlarge the frame of
// its caller, which lives longer.
task<void> until_gone(wire_connection& connection) {
  gone_awaiter gone(connection);
  co_await gone;
}

// Unix-domain peers and trusted proxies count only towards the total. For a proxy, the client's address is counted once a
// request names it.
gate::ticket place_of(server_core& core, const stream_socket::endpoint_type& peer) {
  const auto number = tcp_part(peer);
  if (!number || core.proxies.trusts(peer)) return gate::ticket(core.connections);
  return gate::ticket(core.connections, number->address());
}

}  // namespace

worker::worker(server_core& core, server_counts& counts, boost::asio::io_context* theirs)
    : core_(core),
      counts_(counts),
      own_(theirs ? nullptr : std::make_unique<boost::asio::io_context>(1)),
      context_(theirs ? *theirs : *own_) {}

// Returns false if it ran out of memory. The next call then continues.
template <class Spawn>
bool worker::begin(Spawn spawn_accept) {
  return attempt([&] {
    for (; begun_ < at_start_.size(); ++begun_) spawn(persist(at_start_[begun_]));
    for (; begun_ < at_start_.size() + points_.size(); ++begun_) spawn_accept(accept(points_[begun_ - at_start_.size()]));
    at_start_.clear();
  });
}

void worker::run() {
  for (bool begun = false; !begun;) {
    const loop::turn turn(loop_, clock::now());
    begun = begin([](task<void> work) { spawn(std::move(work)); });
    if (!begun) std::this_thread::sleep_for(memory_pause);
  }
  keep_running([&] { context_.run(); });
  end_gracefully();
  if (!context_.stopped()) cut_what_is_left();
  // A coroutine that waits for something other than its connection would wait for ever.
  const loop::turn turn(loop_, clock::now());
  destroy_what_is_left();
  loop_.destroy_spawned();
}

void worker::destroy_what_is_left() {
  while (!connections_.empty()) conversation::destroy(connections_.front());
}

task<void> worker::serve() {
  // A guard, because the io_context may be destroyed before the server has ended.
  struct at_end {
    explicit at_end(worker& w) : self(w) {}
    ~at_end() {
      self.stopping_ = true;
      boost::system::error_code ignored;
      for (accept_point& point : self.points_) point.acceptor.close(ignored);
      self.destroy_what_is_left();
      // The io_context may be destroyed before the worker.
      self.points_.clear();
      self.at_start_.clear();
    }
    worker& self;
  };
  const at_end end(*this);
  std::optional<task_group> accepting;
  while (!attempt([&] { accepting.emplace(); })) co_await sleep_for(memory_pause);
  while (!begin([&](task<void> work) { accepting->spawn(std::move(work)); })) co_await sleep_for(memory_pause);
  while (!stopping_) {
    try {
      co_await stop_.wait();
    } catch (const std::bad_alloc&) {
    }
    if (!stopping_) co_await sleep_for(memory_pause);
  }
  const time_point until = later(loop_.now(), core_.options.stop_time);
  begin_to_end();
  while (!connections_.empty() && loop_.now() < until) co_await sleep_for(look_again);
  if (connections_.empty()) co_return;
  cut();
  for (int i = 0; i < last_looks && !connections_.empty(); ++i) co_await sleep_for(look_again);
}

template <class F>
void worker::keep_running(F run) {
  for (;;) {
    try {
      run();
      return;
    } catch (const std::bad_alloc&) {
      // The connection concerned has closed itself. The others go on.
      static_cast<void>(attempt([&] { core_.log({log_level::error, "out of memory", {}, {}, {}}); }));
    }
  }
}

void worker::stop() {
  const bool stops_already = stopping_.exchange(true);
  if (!own_) return stop_.set();
  if (!stops_already) context_.stop();
}

void worker::begin_to_end() {
  last_words_ = {core_.stopping.code, {}, false, close_initiator::local};
  static_cast<void>(attempt([&] {
    last_words_.reason = "the server stops";
    if (const std::int64_t time = core_.stopping.retry_after; time >= 0)
      last_words_.reason += ", " + retry_after(std::chrono::seconds(time));
  }));
  boost::system::error_code ignored;
  for (accept_point& point : points_) point.acceptor.close(ignored);
  for (open_connection& connection : connections_)
    if (!attempt([&] { connection.stop(last_words_); })) connection.cut();
}

void worker::end_gracefully() {
  const auto until = detail::later(clock::now(), core_.options.stop_time);
  {
    const loop::turn turn(loop_, clock::now());
    begin_to_end();
  }
  context_.restart();
  keep_running([&] { context_.run_until(until); });
}

void worker::cut() {
  static_cast<void>(attempt(
      [&] { core_.log({log_level::warning, "connections aborted", "the shutdown timeout has passed", {}, {}}); }));
  for (open_connection& connection : connections_) connection.cut();
}

void worker::cut_what_is_left() {
  {
    const loop::turn turn(loop_, clock::now());
    cut();
  }
  context_.restart();
  keep_running([&] {
    for (int i = 0; i < last_turns && context_.poll() != 0; ++i) {
    }
  });
}

task<void> worker::accept(accept_point& from) {
  while (!stopping_) {
    stream_socket::endpoint_type peer;
    boost::system::error_code failure;
    try {
      auto [refused, socket] = co_await from.acceptor.async_accept(peer, native::use_task);
      failure = refused;
      if (!failure) converse(socket, peer, from.what).start();
    } catch (const std::bad_alloc&) {
      failure = make_error_code(boost::system::errc::not_enough_memory);
    }
    if (failure && !stopping_ && failure != boost::asio::error::connection_aborted) {
      counts_.accept_failures.add();
      static_cast<void>(
          attempt([&] { core_.log({log_level::warning, "accept failed", failure.message(), {}, {}}); }));
      co_await sleep_for(accept_pause);
    }
  }
}

// What an open WebSocket no longer needs is in speak_http(), because a coroutine frame keeps room for all its locals.
conversation worker::converse(stream_socket& accepted, const stream_socket::endpoint_type& peer, const purpose& what) {
  static const request nothing;
  open_connection& record = co_await conversation::record();
  gate::ticket place = place_of(core_, peer);
  count_arrival(place.verdict());
  if (place.verdict() == gate::verdict::far_beyond_full) co_return;
  opened_websocket opened = co_await speak_http(record, place, accepted, peer, what);
  if (!opened.connection) co_return;

  const counted_until_end counted{counts_, *opened.connection};
  record.speaks_websocket(opened.connection);
  record.opened_by(opened.asked.get());
  // The task lives until the exception is handled. Otherwise its destructor would close the connection before
  // handler_failed() does.
  std::optional<task<void>> talk;
  try {
    talk.emplace(opened.route->handler(connection(opened.connection), opened.asked ? *opened.asked : nothing));
    co_await *std::move(talk);
  } catch (...) {
    if (!attempt([&] { handler_failed(opened, std::current_exception()); })) opened.connection->ran_out_of_memory();
  }
  talk.reset();
  record.opened_by(nullptr);
  opened.asked.reset();
  // It counts as an open connection until its transport is gone.
  co_await until_gone(*opened.connection);
}

void worker::count_arrival(gate::verdict verdict) {
  counts_.connections_accepted.add();
  if (verdict == gate::verdict::full) counts_.away(turned_away::limit);
  if (verdict == gate::verdict::address_is_full) counts_.away(turned_away::address_limit);
  if (verdict == gate::verdict::far_beyond_full) counts_.away(turned_away::flood);
}

task<opened_websocket> worker::speak_http(open_connection& record, gate::ticket& place, stream_socket& accepted,
                                          const stream_socket::endpoint_type& peer, purpose what) {
  boost::system::error_code ignored;
  accepted.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  http_connection http(core_, counts_, record, place, std::move(accepted), peer);
  if (place.verdict() != gate::verdict::open) {
    co_await http.turn_away();
    co_return opened_websocket();
  }
  if (what == purpose::redirect) {
    co_await http.redirect();
    co_return opened_websocket();
  }
  co_return co_await http.serve();
}

void worker::visit_connections(std::shared_ptr<const connection_visitor> visitor) {
  // Work that is posted to the worker's own io_context never outlives the worker. On the caller's io_context it may.
  loop_.handle()->post([this, alive = own_ ? nullptr : shared_from_this(), visitor = std::move(visitor)] { visit(*visitor); });
}

void worker::visit(const connection_visitor& visitor) {
  static const request nothing;
  // A copy of the list, because the visitor may end connections and so change it.
  std::vector<std::pair<std::shared_ptr<wire_connection>, const request*>> open;
  for (const open_connection& one : connections_)
    if (one.websocket() && one.websocket()->is_open()) open.emplace_back(one.websocket(), one.asked());
  for (const auto& [state, asked] : open) {
    connection socket(state);
    try {
      visitor.function(socket, asked ? *asked : nothing);
    } catch (const std::exception& thrown) {
      counts_.handler_failures.add();
      core_.log({log_level::error, "handler failed", thrown.what(), state->remote_address(), {}});
    }
    // The handler owns the connection: the destructor of `socket` must not close it.
    const auto given_up = socket.release();
  }
}

void worker::handler_failed(const opened_websocket& where, const std::exception_ptr& thrown) {
  std::string fault = "an exception that is not a std::exception was thrown";
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception& known) {
    fault = known.what();
  } catch (...) {
  }
  counts_.handler_failures.add();
  const std::string peer = where.connection->remote_address();
  core_.log(
      {log_level::error, "handler failed", fault, peer, where.asked ? where.asked->target() : std::string_view()});
  where.connection->close(close_code::internal_error, "internal server error");
}

}  // namespace twinsocket::detail
