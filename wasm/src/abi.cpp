// C ABI of the npm package: the functions that js/engine.ts calls for its connections. Messages stay in JavaScript; C++
// only gets their sizes. `now` is the time of performance.now(), which JavaScript reads once per event.

#include <emscripten.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "abi_types.hpp"
#include "browser_socket.hpp"
#include "codec/output_buffer.hpp"
#include "connect_attempt.hpp"
#include "javascript.hpp"
#include "json_report.hpp"
#include "message_session.hpp"
#include "protocol/close_code.hpp"

namespace twinsocket::detail {

namespace {

std::size_t write_session_report(const message_session& session) {
  const close_info& info = session.info();
  output_buffer out;
  out.put("{\"code\":" + std::to_string(static_cast<int>(info.code)) + ",\"reason\":");
  write_string(out, info.reason);
  out.put(info.clean ? ",\"clean\":true" : ",\"clean\":false");
  out.put(session.failed_locally() ? ",\"failedLocally\":true" : ",\"failedLocally\":false");
  out.put(",\"initiator\":" + std::to_string(static_cast<int>(info.initiator)) + ",\"failure\":");
  write(out, session.failure());
  out.put('}');
  return hand_over(std::move(out));
}

class js_connection final : private connect_attempt::listener, private socket_handler {
 public:
  /// Reads the limits and keepalive.
  explicit js_connection(number_reader& numbers) : attempt_(*this) {
    numbers.read_options(limits_);
    numbers.read_options(keepalive_);
  }

  [[nodiscard]] result<void> start(std::string_view url, std::vector<std::string> subprotocols,
                                   std::chrono::milliseconds timeout, time_point now) {
    return attempt_.start(url, std::move(subprotocols), timeout, keepalive_.on(), now);
  }

  [[nodiscard]] const void* id() const noexcept { return socket_ ? socket_.get() : attempt_.socket(); }

  [[nodiscard]] connection_phase current_phase() const noexcept {
    if (!session_) return attempt_.is_done() ? connection_phase::failed : connection_phase::connecting;
    if (session_->has_ended()) return connection_phase::ended;
    if (session_->settled()) return connection_phase::settled;
    return session_->is_open() ? connection_phase::open : connection_phase::closing;
  }
  [[nodiscard]] std::size_t report() const {
    return session_ ? write_session_report(*session_) : write_report(*attempt_.failure());
  }

  [[nodiscard]] message_session& session() noexcept { return *session_; }
  /// The session at that time.
  [[nodiscard]] message_session& session(time_point now) noexcept {
    session_->set_time(now);
    return *session_;
  }

  /// Performs pending I/O of the session. Call it after everything that may change its state.
  void apply_pending_io() {
    if (session_->take_close_request())
      socket_->close(code_for_browser(session_->info().code), session_->info().reason);
    if (session_->take_heartbeat_request()) twinsocket_js_send_heartbeat(socket_.get());
    if (session_->has_ended()) {
      socket_.reset();
    } else {
      socket_->arm_timer(session_->due(), session_->time(), timer_expiry_);
    }
  }

 private:
  void attempt_done(time_point now) override {
    if (attempt_.failure()) return;
    socket_ = attempt_.take_socket();
    socket_->handler(*this);
    session_.emplace(limits_, keepalive_, attempt_.has_heartbeats(), now);
    apply_pending_io();
  }

  void opened(std::string_view, time_point) override {}
  bool received(message_kind, std::size_t size, time_point now) override {
    const bool deliver = session(now).received(size);
    if (!deliver) apply_pending_io();
    return deliver;
  }
  void ended(close_code code, std::string_view reason, std::string_view, time_point now) override {
    session(now).socket_ended(code, reason);
    apply_pending_io();
  }
  void on_socket_timer(time_point now) override {
    timer_expiry_ = time_point::max();
    session(now).on_timer();
    apply_pending_io();
  }

  limits limits_;
  keepalive keepalive_;
  connect_attempt attempt_;
  std::unique_ptr<browser_socket> socket_;
  std::optional<message_session> session_;
  time_point timer_expiry_ = time_point::max();  // The time for which the timer of the socket is set.
};

}  // namespace

}  // namespace twinsocket::detail

using namespace twinsocket;
using detail::js_connection;

extern "C" {

/// Starts connecting. The transfer buffer contains the numbers of the options (abi_types.hpp): the timeout, the limits and
/// keepalive, whose interval of 0 disables heartbeats. They are followed by the normalized URL (websocket-url.ts) of
/// `url_size` bytes, and by the subprotocols with a NUL after each. Returns null for invalid arguments, with the error in
/// the transfer buffer.
EMSCRIPTEN_KEEPALIVE js_connection* twinsocket_connect(std::size_t url_size, double now) {
  const std::string transferred = detail::take_transferred_text();
  detail::number_reader numbers(transferred);
  const auto timeout = numbers.next<std::chrono::milliseconds>();
  auto made = std::make_unique<js_connection>(numbers);
  const std::string_view texts = numbers.rest();
  std::vector<std::string> subprotocols;
  for (std::size_t at = url_size; at < texts.size();) {
    const std::size_t end = texts.find('\0', at);
    subprotocols.emplace_back(texts.substr(at, end - at));
    at = end + 1;
  }
  const result<void> begun =
      made->start(texts.substr(0, url_size), std::move(subprotocols), timeout, detail::time_at(now));
  if (begun) return made.release();
  detail::write_report(begun.error());
  return nullptr;
}

EMSCRIPTEN_KEEPALIVE void twinsocket_delete(js_connection* connection) { delete connection; }

/// The number by which events identify the socket of the connection.
EMSCRIPTEN_KEEPALIVE const void* twinsocket_socket(const js_connection* connection) { return connection->id(); }

EMSCRIPTEN_KEEPALIVE int twinsocket_phase(const js_connection* connection) {
  return static_cast<int>(connection->current_phase());
}

/// Writes the close result or the error to the transfer buffer, as JSON, and returns its size. For null: the error of
/// twinsocket_connect(), which is in the transfer buffer already.
EMSCRIPTEN_KEEPALIVE std::size_t twinsocket_report(const js_connection* connection) {
  return connection ? connection->report() : detail::transfer_buffer().size();
}

/// Checks whether a message may be passed to the socket, which has `buffered` bytes. Returns 0 if it may, -1 if it may and
/// the socket is congested, otherwise an errc.
EMSCRIPTEN_KEEPALIVE int twinsocket_may_send(js_connection* connection, std::size_t size, std::size_t buffered,
                                             double now) {
  detail::message_session& session = connection->session();
  const errc code = session.may_send(size, buffered);
  if (code != errc::ok) return static_cast<int>(code);
  session.set_time(detail::time_at(now));
  session.sent();
  return detail::message_session::congested(buffered) ? -1 : 0;
}

/// Called when the page becomes active. See message_session::probe().
EMSCRIPTEN_KEEPALIVE void twinsocket_probe(js_connection* connection, int can_reconnect, double now) {
  connection->session(detail::time_at(now)).probe(can_reconnect != 0);
  connection->apply_pending_io();
}

/// Called for the answer to a heartbeat.
EMSCRIPTEN_KEEPALIVE void twinsocket_heartbeat_received(js_connection* connection, double now) {
  connection->session(detail::time_at(now)).on_input();
  connection->apply_pending_io();
}

/// True if the server answers heartbeats. Then the text message U+0000 is a heartbeat.
EMSCRIPTEN_KEEPALIVE int twinsocket_heartbeats(js_connection* connection) {
  return connection->session().has_heartbeats();
}

EMSCRIPTEN_KEEPALIVE void twinsocket_message_delivered(js_connection* connection, std::size_t size) {
  connection->session().message_delivered(size);
}

/// Closes the connection. The transfer buffer contains the reason.
EMSCRIPTEN_KEEPALIVE void twinsocket_close(js_connection* connection, int code, double now) {
  const std::string reason = detail::take_transferred_text();
  const auto wanted = static_cast<close_code>(std::clamp(code, 0, 0xffff));
  connection->session(detail::time_at(now))
      .close(is_sendable(wanted) ? wanted : close_code::internal_error, detail::truncate_reason(reason));
  connection->apply_pending_io();
}

EMSCRIPTEN_KEEPALIVE void twinsocket_abort(js_connection* connection, double now) {
  connection->session(detail::time_at(now)).abort();
  connection->apply_pending_io();
}

}  // extern "C"
