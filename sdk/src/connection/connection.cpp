#include "twinsocket/connection.hpp"

#include <exception>
#include <utility>

#include "connection/connection_state.hpp"
#include "protocol/close_code.hpp"
#include "protocol/known_utf8.hpp"

namespace twinsocket {

connection& connection::operator=(connection&& other) noexcept {
  if (this != &other) {
    if (state_) state_->abandon(close_code::normal, {});
    state_ = std::move(other.state_);
  }
  return *this;
}

connection::~connection() {
  if (!state_) return;
#if defined(__cpp_exceptions)
  if (std::uncaught_exceptions() > 0) {
    state_->abandon(close_code::internal_error, "an exception ended the connection");
    return;
  }
#endif
  state_->abandon(close_code::normal, {});
}

bool connection::post(std::function<void()> work) const { return state().event_loop_handle()->post(std::move(work)); }

namespace {

send_result send_now(detail::connection_state& state, const detail::send_request& m) {
  if (detail::connection_state::is_sendable(m)) return state.send(m);
  return send_result(error(errc::invalid_utf8, "a text message of " + std::to_string(m.bytes.size()) + " bytes"));
}

}  // namespace

send_result connection::try_send(std::string_view utf8, const send_options& options) {
  return send_now(state(), {.kind = message_kind::text, .bytes = detail::text_bytes(utf8), .options = &options});
}

send_result connection::try_send(std::span<const std::byte> bytes, const send_options& options) {
  return send_now(state(), {.kind = message_kind::binary, .bytes = bytes, .options = &options});
}

send_result connection::try_send(const message& m, const send_options& options) {
  return send_now(
      state(),
      {.kind = m.kind(), .bytes = m.bytes(), .options = &options, .known_utf8 = detail::known_utf8::is_set(m)});
}

send_result connection::try_send(const prepared_message& m, const send_options& options) {
  return send_now(state(), {.kind = m.kind(), .bytes = m.bytes(), .options = &options, .shared = m.frames()});
}

detail::close_awaiter connection::close(close_code code, std::string_view reason) {
  state().close(is_sendable(code) ? code : close_code::internal_error, detail::truncate_reason(reason));
  return detail::close_awaiter(*state_);
}

void connection::abort() { state().abort(); }

bool connection::is_open() const noexcept { return state().is_readable() ? state_->is_open() : !state_->has_ended(); }

const std::string& connection::subprotocol() const& noexcept { return state().subprotocol(); }

std::string connection::local_address() const {
  return state().is_readable() ? state_->local_address() : std::string();
}

std::string connection::remote_address() const {
  return state().is_readable() ? state_->remote_address() : std::string();
}

std::size_t connection::buffered_amount() const noexcept { return state().is_readable() ? state_->buffered() : 0; }

limits connection::limits() const { return state().is_readable() ? state_->current_limits() : twinsocket::limits(); }

void connection::set_limits(const twinsocket::limits& values) {
  if (state().on_own_loop()) return state_->set_limits(values);
  state_->event_loop_handle()->post([to = state_, values] { to->set_limits(values); });
}

counters connection::counters() const noexcept {
  return state().is_readable() ? state_->current_counters() : twinsocket::counters();
}

}  // namespace twinsocket
