#include "twinsocket/native/ping.hpp"

#include "connection/condition_awaiter.hpp"
#include "connection/wire_connection.hpp"
#include "twinsocket/native/on_close.hpp"

namespace twinsocket {
inline namespace native {

namespace {

// Native connections are always wire connections.
detail::wire_connection& wire_of(connection& socket) { return static_cast<detail::wire_connection&>(socket.state()); }

// Runs `change` on the connection's thread: at once if called there, else in a later turn of its event loop.
template <class F>
void run_on_loop(connection& socket, F change) {
  detail::wire_connection& wire = wire_of(socket);
  if (wire.is_readable()) return change(wire);
  socket.post([state = wire.shared_from_this(), change = std::move(change)] {
    change(static_cast<detail::wire_connection&>(*state));
  });
}

}  // namespace

void on_ping(connection& socket, control_hook hook) {
  run_on_loop(socket, [hook = std::move(hook)](detail::wire_connection& wire) { wire.hooks().on_ping = hook; });
}

void on_pong(connection& socket, control_hook hook) {
  run_on_loop(socket, [hook = std::move(hook)](detail::wire_connection& wire) { wire.hooks().on_pong = hook; });
}

void on_close(connection& socket, close_hook hook) {
  run_on_loop(socket, [hook = std::move(hook)](detail::wire_connection& wire) { wire.hooks().on_close = hook; });
}

task<result<std::chrono::nanoseconds>> ping(connection& socket, std::span<const std::byte> payload) {
  auto& wire = wire_of(socket);
  if (payload.size() > detail::wire_session::max_ping)
    co_return error(errc::invalid_argument, "a ping payload of " + std::to_string(payload.size()) +
                                                " bytes, the limit is " +
                                                std::to_string(detail::wire_session::max_ping) + " bytes");
  if (wire.loop_ended()) co_return error(errc::closed, "the connection's event loop has ended");
  if (!wire.on_own_loop()) co_return error(errc::wrong_thread, "ping()");
  if (!wire.is_open()) co_return wire.failure();
  const auto alive = wire.shared_from_this();
  const detail::time_point sent = detail::loop::current()->now();
  const std::uint64_t number = wire.push_ping(payload);
  const auto has_pong = [&] { return wire.last_answered_ping() >= number; };
  detail::condition_awaiter waiting(wire, [&] { return wire.settled() || has_pong(); });
  co_await waiting;
  if (!has_pong()) co_return wire.failure();
  co_return detail::loop::current()->now() - sent;
}

}  // namespace native
}  // namespace twinsocket
