#include "server/worker.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "twinsocket/native/asio.hpp"

namespace twinsocket::detail {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

// How long nothing is accepted once the process has run out of something, file handles above all.
constexpr auto accept_pause = 50ms;
// How often what ends by itself once it is cut may take another turn.
constexpr int last_turns = 1000;

// Counts how a connection has ended when it is over, also where its conversation is destroyed.
struct counted_until_end {
  ~counted_until_end() { counts.closed(connection.info()); }

  server_counts& counts;
  const wire_connection& connection;
};

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

// Waits until a connection has no stream below it any more. It is a coroutine so that what it needs is not in the frame
// of the one that calls it, which lives longer.
task<void> until_gone(wire_connection& connection) {
  gone_awaiter gone(connection);
  co_await gone;
}

}  // namespace

worker::worker(server_core& core, server_counts& counts) : core_(core), counts_(counts) {}

result<tcp_endpoint> worker::listen(const tcp_endpoint& where, sharing how) {
  auto opened = open_acceptor(context_, where, how);
  if (!opened) return opened.error();
  acceptor_.emplace(std::move(*opened));
  boost::system::error_code failure;
  const auto bound = acceptor_->local_endpoint(failure);
  if (failure) return error(errc::system, "cannot listen on " + to_text(where), failure);
  return bound;
}

result<tcp_endpoint> worker::redirect_from(const tcp_endpoint& where) {
  auto opened = open_acceptor(context_, where, sharing::alone);
  if (!opened) return opened.error();
  redirecting_.emplace(std::move(*opened));
  boost::system::error_code failure;
  const auto bound = redirecting_->local_endpoint(failure);
  if (failure) return error(errc::system, "cannot listen on " + to_text(where), failure);
  return bound;
}

void worker::run() {
  {
    const loop::turn turn(loop_, clock::now());
    for (task<void>& work : at_start_) spawn(std::move(work));
    at_start_.clear();
    spawn(accept(*acceptor_, purpose::serve));
    if (redirecting_) spawn(accept(*redirecting_, purpose::redirect));
  }
  context_.run();
  end_gracefully();
  if (!context_.stopped()) cut_what_is_left();
  // What waits for something else than its connection would wait for ever.
  const loop::turn turn(loop_, clock::now());
  while (!connections_.empty()) conversation::destroy(connections_.front());
  loop_.destroy_spawned();
}

void worker::stop() {
  if (!stopping_.exchange(true)) context_.stop();
}

void worker::end_gracefully() {
  const auto until = clock::now() + core_.options.stop_time;
  {
    const loop::turn turn(loop_, clock::now());
    boost::system::error_code ignored;
    acceptor_->close(ignored);
    if (redirecting_) redirecting_->close(ignored);
    for (open_connection& connection : connections_) connection.stop();
  }
  context_.restart();
  context_.run_until(until);
}

void worker::cut_what_is_left() {
  core_.log({log_level::warning, "connections cut", "the time for stopping is over", {}, {}});
  {
    const loop::turn turn(loop_, clock::now());
    for (open_connection& connection : connections_) connection.cut();
  }
  context_.restart();
  for (int i = 0; i < last_turns && context_.poll() != 0; ++i) {
  }
}

task<void> worker::accept(tcp_acceptor& from, purpose what) {
  while (!stopping_) {
    tcp_endpoint peer;
    auto [failure, socket] = co_await from.async_accept(peer, native::use_task);
    if (!failure) {
      converse(socket, peer, what).start();
    } else if (!stopping_ && failure != boost::asio::error::connection_aborted) {
      counts_.accept_failures.add();
      core_.log({log_level::warning, "accept failed", failure.message(), {}, {}});
      co_await sleep_for(accept_pause);
    }
  }
}

// What an open WebSocket needs no more is not kept here: a frame is as large as all that it ever holds.
conversation worker::converse(tcp_socket& accepted, const tcp_endpoint& peer, const purpose& what) {
  static const request nothing;
  open_connection& record = co_await conversation::record();
  const gate::ticket ticket(core_.connections, peer.address());
  count_arrival(ticket.verdict());
  if (ticket.verdict() == gate::verdict::far_beyond_full) co_return;
  opened_websocket opened = co_await speak_http(record, accepted, peer, ticket.verdict(), what);
  if (!opened.connection) co_return;

  const counted_until_end counted{counts_, *opened.connection};
  record.speaks_websocket(opened.connection);
  // The task outlives what it throws: its connection is then closed by what is below, and not by being destroyed.
  std::optional<task<void>> talk;
  try {
    talk.emplace(opened.route->handler(connection(opened.connection), opened.asked ? *opened.asked : nothing));
    co_await *std::move(talk);
  } catch (...) {
    handler_failed(opened, std::current_exception());
  }
  talk.reset();
  opened.asked.reset();
  // Until then it is one of the connections that may be open at once.
  co_await until_gone(*opened.connection);
}

void worker::count_arrival(gate::verdict verdict) {
  counts_.connections_accepted.add();
  if (verdict == gate::verdict::full) counts_.away(turned_away::limit);
  if (verdict == gate::verdict::address_is_full) counts_.away(turned_away::address_limit);
  if (verdict == gate::verdict::far_beyond_full) counts_.away(turned_away::flood);
}

task<opened_websocket> worker::speak_http(open_connection& record, tcp_socket& accepted, const tcp_endpoint& peer,
                                          gate::verdict verdict, purpose what) {
  boost::system::error_code ignored;
  accepted.set_option(boost::asio::ip::tcp::no_delay(true), ignored);
  http_connection http(core_, counts_, record, std::move(accepted), to_text(peer));
  if (verdict != gate::verdict::open) {
    co_await http.turn_away();
    co_return opened_websocket();
  }
  if (what == purpose::redirect) {
    co_await http.redirect();
    co_return opened_websocket();
  }
  co_return co_await http.serve();
}

void worker::handler_failed(const opened_websocket& where, const std::exception_ptr& thrown) {
  std::string fault = "something that is no std::exception was thrown";
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
  where.connection->close(close_code::internal_error, "the server met an error of its own");
}

}  // namespace twinsocket::detail
