#include "twinsocket/reconnect.hpp"

#include <random>

#include "connection/reconnecting_state.hpp"

namespace twinsocket {

namespace {

// The numbers need not be unpredictable; they only have to differ between clients.
double draw() {
  static thread_local std::minstd_rand source(std::random_device{}());
  return static_cast<double>(source() - std::minstd_rand::min()) /
         (static_cast<double>(std::minstd_rand::max() - std::minstd_rand::min()) + 1);
}

std::shared_ptr<detail::connection_state> begin(std::string url, reconnect_options options) {
  detail::loop& own_loop = detail::loop::require_current();
  auto state = std::make_shared<detail::reconnecting_state>(own_loop, std::move(url), std::move(options), draw);
  state->start();
  return state;
}

}  // namespace

reconnecting_connection::reconnecting_connection(std::string url, reconnect_options options, connect_function usual)
    : connection(begin(std::move(url), std::move(options.dialer() ? options : options.dialer(usual)))) {}

detail::reconnecting_state& reconnecting_connection::client_state() const noexcept {
  return static_cast<detail::reconnecting_state&>(state());
}

reconnect_status reconnecting_connection::status() const { return client_state().status(); }

void reconnecting_connection::retry_now() { client_state().retry_now(); }

void reconnecting_connection::set_online(bool on) { client_state().set_online(on); }

namespace detail {

status_awaiter::status_awaiter(reconnecting_state& client) noexcept : waiter(client) {}

reconnecting_state& status_awaiter::client() const noexcept { return static_cast<reconnecting_state&>(state()); }

bool status_awaiter::ready() {
  // A loop over next_status() has to end once the connection object is gone.
  if (client().is_abandoned()) return true;
  reconnect_status change;
  if (client().next_status(change)) found_ = std::move(change);
  return found_ || client().settled();
}

void status_awaiter::await_suspend(std::coroutine_handle<> waiting) { client().watch(*this, waiting); }

result<reconnect_status> status_awaiter::await_resume() {
  if (found_) return std::move(*found_);
  if (!on_own_loop()) return wrong_loop_error("next_status()");
  error why = client().receive_failure();
  if (why == errc::closed) return why;
  return error(errc::closed, why.message());
}

}  // namespace detail

}  // namespace twinsocket
