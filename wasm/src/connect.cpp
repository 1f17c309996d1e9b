#include "twinsocket/connect.hpp"

#include <coroutine>
#include <memory>
#include <utility>

#include "browser_connection.hpp"
#include "browser_loop.hpp"
#include "opening.hpp"

namespace twinsocket {

namespace {

/// Waits until a connection is open or has failed.
class dial final : detail::opening::listener {
 public:
  dial() : opening_(*this) {}

  [[nodiscard]] result<void> start(const std::string& url, const connect_options& options) {
    return opening_.start(url, options.subprotocols(), options.time_limit());
  }
  [[nodiscard]] detail::opening& opened() noexcept { return opening_; }

  [[nodiscard]] bool await_ready() const noexcept { return opening_.is_done(); }
  void await_suspend(std::coroutine_handle<> waiting) noexcept { waiting_ = waiting; }
  void await_resume() const noexcept {}

 private:
  void opening_done() override {
    const detail::browser_turn turn;
    if (waiting_) detail::browser_loop::get().resume(std::exchange(waiting_, nullptr));
  }

  detail::opening opening_;
  std::coroutine_handle<> waiting_;
};

}  // namespace

task<result<connection>> connect(std::string url, connect_options options) {
  dial dialling;
  if (result<void> begun = dialling.start(url, options); !begun) co_return std::move(begun).error();
  co_await dialling;
  detail::opening& opened = dialling.opened();
  if (opened.failure()) co_return *opened.failure();
  auto state = std::make_shared<detail::browser_connection>(detail::browser_loop::get(), options.limits(),
                                                            opened.subprotocol(), opened.take_socket());
  state->start();
  co_return connection(std::move(state));
}

}  // namespace twinsocket
