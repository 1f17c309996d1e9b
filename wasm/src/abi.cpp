// C ABI of the npm package: the functions that js/engine.ts calls for its connections. Messages stay in JavaScript; C++
// only gets their sizes.

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

#include "browser_socket.hpp"
#include "codec/json_text.hpp"
#include "codec/output.hpp"
#include "javascript.hpp"
#include "message_session.hpp"
#include "opening.hpp"
#include "protocol/close_code.hpp"
#include "xml_bridge.hpp"

namespace twinsocket::detail {

namespace {

void write_string(output& out, std::string_view text) {
  // The texts come from the platform or from this library, and so are UTF-8.
  [[maybe_unused]] const bool good = write_json_string(out, text);
}

void write(output& out, const error& why) {
  out.put("{\"code\":" + std::to_string(static_cast<int>(why.code())) + ",\"message\":");
  write_string(out, why.message());
  out.put('}');
}

void write(output& out, const message_session& session) {
  const close_info& info = session.info();
  out.put("{\"code\":" + std::to_string(static_cast<int>(info.code)) + ",\"reason\":");
  write_string(out, info.reason);
  out.put(info.clean ? ",\"clean\":true" : ",\"clean\":false");
  out.put(session.gave_up() ? ",\"gaveUp\":true" : ",\"gaveUp\":false");
  out.put(",\"initiator\":" + std::to_string(static_cast<int>(info.initiator)) + ",\"failure\":");
  write(out, session.failure());
  out.put('}');
}

/// Writes JSON to the landing, from which JavaScript reads it, and returns its size.
template <class What>
std::size_t hand_over_json(const What& what) {
  output out;
  write(out, what);
  landing() = std::move(out).take();
  return landing().size();
}

/// Moves a result to the landing and returns its size. The size is negative if the landing contains an error as JSON.
int hand_over(result<buffer> made) {
  if (!made) return -static_cast<int>(hand_over_json(made.error()));
  landing() = std::move(*made);
  return static_cast<int>(landing().size());
}

std::string_view text_of(const buffer& bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

class js_connection final : private opening::listener, private socket_handler {
 public:
  /// State of the connection. engine.ts has the same values.
  enum class phase : std::uint8_t { connecting, open, closing, settled, over, failed };

  js_connection(const limits& values, const keepalive& alive) : limits_(values), keepalive_(alive), opening_(*this) {}

  [[nodiscard]] result<void> start(std::string_view url, const std::vector<std::string>& subprotocols,
                                   std::chrono::milliseconds time_limit) {
    return opening_.start(url, subprotocols, time_limit, keepalive_.on());
  }

  [[nodiscard]] const void* number() const noexcept { return socket_ ? socket_.get() : opening_.socket(); }

  [[nodiscard]] phase now_in() const noexcept {
    if (!session_) return opening_.is_done() ? phase::failed : phase::connecting;
    if (session_->is_over()) return phase::over;
    if (session_->settled()) return phase::settled;
    return session_->is_open() ? phase::open : phase::closing;
  }
  [[nodiscard]] std::size_t report() const {
    return session_ ? hand_over_json(*session_) : hand_over_json(*opening_.failure());
  }

  /// The session, with its clock set to now.
  [[nodiscard]] message_session& session() noexcept {
    session_->set_time(platform_clock());
    return *session_;
  }

  /// Performs pending I/O of the session. Call it after everything that may change its state.
  void carry_out() {
    if (session_->wants_close()) socket_->close(code_for_browser(session_->info().code), session_->info().reason);
    if (session_->wants_heartbeat()) twinsocket_js_beat(socket_.get());
    if (session_->is_over()) {
      socket_.reset();
    } else {
      socket_->ring_by(session_->due(), platform_clock(), alarm_);
    }
  }

 private:
  void opening_done() override {
    if (opening_.failure()) return;
    socket_ = opening_.take_socket();
    socket_->handler(*this);
    session_.emplace(limits_, keepalive_, opening_.has_heartbeats(), platform_clock());
    carry_out();
  }

  void opened(std::string_view) override {}
  bool received(message_kind, std::size_t size) override {
    const bool deliver = session().received(size);
    if (!deliver) carry_out();
    return deliver;
  }
  void ended(close_code code, std::string_view reason, std::string_view) override {
    session_->socket_ended(code, reason);
    carry_out();
  }
  void alarm() override {
    alarm_ = time_point::max();
    session().on_time();
    carry_out();
  }

  limits limits_;
  keepalive keepalive_;
  opening opening_;
  std::unique_ptr<browser_socket> socket_;
  std::optional<message_session> session_;
  time_point alarm_ = time_point::max();  // The time for which the timer of the socket is set.
};

}  // namespace

}  // namespace twinsocket::detail

using namespace twinsocket;
using detail::js_connection;

extern "C" {

/// Starts connecting. The landing contains the normalized URL (address.ts) of `url_size` bytes, followed by the subprotocols
/// with a NUL after each. An `interval` of 0 disables heartbeats. Returns null for invalid arguments, with the error in the
/// landing.
EMSCRIPTEN_KEEPALIVE js_connection* twinsocket_connect(std::size_t url_size, double time_limit, std::size_t max_message,
                                                       std::size_t inbound_bytes, std::size_t outbound_bytes,
                                                       double close_time, double idle_time, double interval,
                                                       double answer_time) {
  const std::string texts = detail::take_landed_text();
  std::vector<std::string> subprotocols;
  for (std::size_t at = url_size; at < texts.size();) {
    const std::size_t end = texts.find('\0', at);
    subprotocols.push_back(texts.substr(at, end - at));
    at = end + 1;
  }
  auto made = std::make_unique<js_connection>(
      limits()
          .max_message(max_message)
          .inbound_bytes(inbound_bytes)
          .outbound_bytes(outbound_bytes)
          .close_time(detail::whole_milliseconds(close_time))
          .idle_time(detail::whole_milliseconds(idle_time)),
      interval > 0 ? keepalive()
                         .interval(detail::whole_milliseconds(interval))
                         .time_limit(detail::whole_milliseconds(answer_time))
                   : keepalive().off());
  const result<void> begun = made->start(std::string_view(texts).substr(0, url_size), subprotocols,
                                         detail::whole_milliseconds(time_limit));
  if (begun) return made.release();
  detail::hand_over_json(begun.error());
  return nullptr;
}

EMSCRIPTEN_KEEPALIVE void twinsocket_delete(js_connection* connection) { delete connection; }

/// The number by which events identify the socket of the connection.
EMSCRIPTEN_KEEPALIVE const void* twinsocket_socket(const js_connection* connection) { return connection->number(); }

EMSCRIPTEN_KEEPALIVE int twinsocket_phase(const js_connection* connection) {
  return static_cast<int>(connection->now_in());
}

/// Writes the close result or the error to the landing, as JSON, and returns its size. For null: the error of
/// twinsocket_connect(), which is in the landing already.
EMSCRIPTEN_KEEPALIVE std::size_t twinsocket_report(const js_connection* connection) {
  return connection ? connection->report() : detail::landing().size();
}

/// Checks whether a message may be passed to the socket, which has `buffered` bytes. Returns 0 if it may, -1 if it may and
/// the socket is congested, otherwise an errc.
EMSCRIPTEN_KEEPALIVE int twinsocket_may_send(js_connection* connection, std::size_t size, std::size_t buffered) {
  const errc code = connection->session().may_send(size, buffered);
  if (code == errc::ok) connection->session().sent();
  if (code == errc::ok && detail::message_session::congested(buffered)) return -1;
  return static_cast<int>(code);
}

/// Called when the page becomes active. See message_session::probe().
EMSCRIPTEN_KEEPALIVE void twinsocket_probe(js_connection* connection, int replaced) {
  connection->session().probe(replaced != 0);
  connection->carry_out();
}

/// Called for the answer to a heartbeat.
EMSCRIPTEN_KEEPALIVE void twinsocket_heard(js_connection* connection) {
  connection->session().heard();
  connection->carry_out();
}

/// True if the server answers heartbeats. Then the text message U+0000 is a heartbeat.
EMSCRIPTEN_KEEPALIVE int twinsocket_heartbeats(js_connection* connection) {
  return connection->session().has_heartbeats();
}

EMSCRIPTEN_KEEPALIVE void twinsocket_taken(js_connection* connection, std::size_t size) {
  connection->session().taken(size);
}

/// Closes the connection. The landing contains the reason.
EMSCRIPTEN_KEEPALIVE void twinsocket_close(js_connection* connection, int code) {
  const std::string reason = detail::take_landed_text();
  const auto wanted = static_cast<close_code>(std::clamp(code, 0, 0xffff));
  connection->session().close(is_sendable(wanted) ? wanted : close_code::internal_error, detail::fit_reason(reason));
  connection->carry_out();
}

EMSCRIPTEN_KEEPALIVE void twinsocket_abort(js_connection* connection) {
  connection->session().abort();
  connection->carry_out();
}

/// Replaces the XML document in the landing by its tree. See xml_bridge.hpp.
EMSCRIPTEN_KEEPALIVE int twinsocket_xml_read() {
  const detail::buffer document = std::move(detail::landing());
  return detail::hand_over(detail::xml_to_tree(detail::text_of(document)));
}

/// Replaces the marks in the landing by their XML document.
EMSCRIPTEN_KEEPALIVE int twinsocket_xml_write() {
  const detail::buffer marks = std::move(detail::landing());
  return detail::hand_over(detail::marks_to_xml(detail::text_of(marks)));
}

}  // extern "C"
