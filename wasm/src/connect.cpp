#include "twinsocket/connect.hpp"

#include <coroutine>
#include <memory>
#include <utility>

#include "browser_connection.hpp"
#include "browser_loop.hpp"
#include "connection/client_log.hpp"
#include "javascript.hpp"
#include "opening.hpp"
#include "protocol/utf8.hpp"
#include "twinsocket/url.hpp"

namespace twinsocket {

namespace {

/// Awaiter of an attempt to connect. Resumes when the connection is open or has failed.
class dial final : detail::opening::listener, detail::cancellable, detail::resumable, detail::surroundings_listener {
 public:
  dial() : opening_(*this) {}

  [[nodiscard]] result<void> start(const std::string& url, const connect_options& options) {
    if (options.stop().cancelled()) return error(errc::cancelled, "connecting to " + url);
    options.stop().add(*this);
    changed(detail::browser_loop::get().listen(*this));
    // In a page the URL may be relative. The platform gives no reason for an invalid URL, so url::parse() finds one.
    const std::string absolute = detail::is_valid_utf8(url) ? detail::resolve_address(url) : std::string();
    if (absolute.empty()) {
      const result<twinsocket::url> parsed = twinsocket::url::parse(url);
      return parsed ? error(errc::invalid_url, "the platform refuses the URL \"" + parsed->text() + "\"") : parsed.error();
    }
    const result<twinsocket::url> address = twinsocket::url::parse(absolute);
    if (!address) return address.error();
    return opening_.start(address->text(), options.subprotocols(), options.time_limit(), options.keepalive().on());
  }
  [[nodiscard]] detail::opening& opened() noexcept { return opening_; }

  /// errc::cancelled or errc::connect_failed if the attempt was given up before it was done, otherwise errc::ok.
  [[nodiscard]] errc given_up() const noexcept { return given_up_; }

  [[nodiscard]] bool await_ready() const noexcept { return opening_.is_done() || given_up_ != errc::ok; }
  void await_suspend(std::coroutine_handle<> coroutine) noexcept { set_waiting(coroutine); }
  void await_resume() const noexcept {}

 private:
  void opening_done() override {
    const detail::browser_turn turn;
    if (waiting() && !std::exchange(resumed_, true)) detail::browser_loop::get().resume(*this);
  }

  // The coroutine owns this object, and with it the socket.
  void on_cancel() override {
    given_up_ = errc::cancelled;
    opening_done();
  }

  // A page in the back-forward cache cannot run, so it must not open a connection that it would ignore.
  void changed(detail::surroundings now) override {
    if (now.active) return;
    given_up_ = errc::connect_failed;
    opening_done();
  }

  detail::opening opening_;
  errc given_up_ = errc::ok;
  bool resumed_ = false;
};

}  // namespace

task<result<connection>> connect(std::string url, connect_options options) {
  const log_hook& log = options.log();
  dial dialling;
  if (result<void> begun = dialling.start(url, options); !begun) {
    detail::tell_failure(log, begun.error(), nullptr);
    co_return std::move(begun).error();
  }
  detail::opening& opened = dialling.opened();
  const twinsocket::url address = *twinsocket::url::parse(opened.url());
  detail::tell_log(log, log_level::debug, "connecting", {}, address);
  co_await dialling;
  std::optional<error> failure = opened.failure();
  if (dialling.given_up() != errc::ok && !opened.is_done())
    failure = error(dialling.given_up(), (dialling.given_up() == errc::cancelled ? "connecting to " : "the page was left: ") + opened.url());
  if (failure) {
    detail::tell_failure(log, *failure, &address);
    co_return *failure;
  }
  auto state = std::make_shared<detail::browser_connection>(detail::browser_loop::get(), options.limits(), options.keepalive(),
                                                            opened.has_heartbeats(), opened.subprotocol(),
                                                            opened.take_socket());
  state->start();
  detail::tell_of(log, state, address);
  co_return connection(std::move(state));
}

}  // namespace twinsocket
