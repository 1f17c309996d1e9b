#include "twinsocket/connection.hpp"

#include "connection/connection_state.hpp"
#include "protocol/close_code.hpp"

namespace twinsocket {

connection& connection::operator=(connection&& other) noexcept {
  if (this != &other) {
    if (state_) state_->close(close_code::normal, {});
    state_ = std::move(other.state_);
  }
  return *this;
}

connection::~connection() {
  if (state_) state_->close(close_code::normal, {});
}

send_result connection::try_send(std::string_view utf8) {
  return try_send(message_kind::text, std::as_bytes(std::span(utf8)));
}

send_result connection::try_send(message_kind kind, std::span<const std::byte> bytes) {
  if (!detail::connection_state::is_sendable(kind, bytes))
    return send_result(error(errc::invalid_utf8, "a text message of " + std::to_string(bytes.size()) + " bytes"));
  return state_->send(kind, bytes);
}

detail::close_awaiter connection::close(close_code code, std::string_view reason) {
  state_->close(is_sendable(code) ? code : close_code::internal_error, detail::fit_reason(reason));
  return detail::close_awaiter(*state_);
}

void connection::abort() { state_->abort(); }

bool connection::is_open() const noexcept { return state_->is_open(); }

const std::string& connection::subprotocol() const noexcept { return state_->subprotocol(); }

std::string connection::remote_address() const { return state_->remote_address(); }

std::size_t connection::buffered_amount() const noexcept { return state_->buffered(); }

}  // namespace twinsocket
