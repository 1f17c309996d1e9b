#include "twinsocket/connect.hpp"

#include <coroutine>
#include <memory>
#include <utility>

#include "browser_connection.hpp"
#include "browser_loop.hpp"
#include "connect_attempt.hpp"
#include "connection/client_log.hpp"
#include "javascript.hpp"
#include "protocol/utf8.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket {

namespace {

/// Awaiter of an attempt to connect. Resumes when the connection is open or has failed.
class connect_awaiter final : detail::connect_attempt::listener,
                              detail::cancellable,
                              detail::resumable,
                              detail::environment_listener {
 public:
  connect_awaiter() : attempt_(*this) {}

  [[nodiscard]] result<void> start(const std::string& url, const connect_options& options) {
    if (options.cancellation().cancelled()) return error(errc::cancelled, "connecting to " + url);
    options.cancellation().add(*this);
    on_environment_change(detail::browser_loop::get().listen(*this));
    // In a page the URL may be relative. The platform gives no reason for an invalid URL, so url::parse() finds one.
    const std::string absolute = detail::is_valid_utf8(url) ? detail::normalize_url(url) : std::string();
    if (absolute.empty()) {
      const result<twinsocket::url> parsed = twinsocket::url::parse(url);
      return parsed ? error(errc::invalid_url, "the platform refuses the URL \"" + parsed->text() + "\"")
                    : parsed.error();
    }
    const result<twinsocket::url> address = twinsocket::url::parse(absolute);
    if (!address) return address.error();
    return attempt_.start(address->text(), options.subprotocols(), options.timeout(), options.keepalive().on(),
                          detail::browser_loop::clock());
  }
  [[nodiscard]] detail::connect_attempt& opened() noexcept { return attempt_; }

  /// errc::cancelled or errc::connect_failed if the attempt was given up before it was done, otherwise errc::ok.
  [[nodiscard]] errc cancel_reason() const noexcept { return cancel_reason_; }

  [[nodiscard]] bool await_ready() const noexcept { return attempt_.is_done() || cancel_reason_ != errc::ok; }
  void await_suspend(std::coroutine_handle<> coroutine) noexcept { set_waiting(coroutine); }
  void await_resume() const noexcept {}

 private:
  void attempt_done(detail::time_point now) override {
    const detail::browser_turn turn(now);
    if (waiting() && !std::exchange(resumed_, true)) detail::browser_loop::get().resume(*this);
  }

  // The coroutine owns this object, and with it the socket.
  void on_cancel() override {
    cancel_reason_ = errc::cancelled;
    attempt_done(detail::browser_loop::clock());
  }

  // A page in the back-forward cache cannot run, so it must not open a connection that it would ignore.
  void on_environment_change(detail::environment now) override {
    if (now.active) return;
    cancel_reason_ = errc::connect_failed;
    attempt_done(detail::browser_loop::clock());
  }

  detail::connect_attempt attempt_;
  errc cancel_reason_ = errc::ok;
  bool resumed_ = false;
};

}  // namespace

task<result<connection>> connect(std::string url, connect_options options) {
  const log_hook& log = options.log();
  connect_awaiter attempt;
  if (result<void> begun = attempt.start(url, options); !begun) {
    detail::log_failure(log, begun.error(), nullptr);
    co_return std::move(begun).error();
  }
  detail::connect_attempt& opened = attempt.opened();
  const twinsocket::url address = *twinsocket::url::parse(opened.url());
  detail::log_event(log, log_level::debug, "connecting", {}, address);
  co_await attempt;
  std::optional<error> failure = opened.failure();
  if (attempt.cancel_reason() != errc::ok && !opened.is_done())
    failure =
        error(attempt.cancel_reason(),
              (attempt.cancel_reason() == errc::cancelled ? "connecting to " : "the page was left: ") + opened.url());
  if (failure) {
    detail::log_failure(log, *failure, &address);
    co_return *failure;
  }
  auto state =
      std::make_shared<detail::browser_connection>(detail::browser_loop::get(), options.limits(), options.keepalive(),
                                                   opened.has_heartbeats(), opened.subprotocol(), opened.take_socket());
  state->start();
  detail::log_opened(log, state, address);
  co_return connection(std::move(state));
}

}  // namespace twinsocket
