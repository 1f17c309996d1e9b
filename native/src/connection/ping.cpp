#include "twinsocket/native/ping.hpp"

#include "connection/wire_connection.hpp"

namespace twinsocket {

namespace {

class ping_awaiter final : public detail::waiter {
 public:
  explicit ping_awaiter(detail::wire_connection& wire) : waiter(wire), wire_(wire), number_(wire.push_ping()) {}

  bool await_ready() { return ready(); }
  void await_suspend(std::coroutine_handle<> waiting) { wire_.watch(*this, waiting); }
  /// True when the pong has come.
  bool await_resume() { return answered(); }

 private:
  [[nodiscard]] bool answered() const { return wire_.answered_ping() >= number_; }
  bool ready() override { return wire_.settled() || answered(); }

  detail::wire_connection& wire_;
  std::uint64_t number_;
};

}  // namespace

task<result<std::chrono::nanoseconds>> ping(connection& socket) {
  auto& wire = static_cast<detail::wire_connection&>(socket.state());
  if (!wire.is_open()) co_return wire.failure();
  const detail::time_point sent = detail::loop::current()->now();
  ping_awaiter waiting(wire);
  if (!co_await waiting) co_return wire.failure();
  co_return detail::loop::current()->now() - sent;
}

}  // namespace twinsocket
