#include "connect_attempt.hpp"

#include <algorithm>
#include <utility>

#include "duration_text.hpp"
#include "javascript.hpp"
#include "protocol/handshake.hpp"
#include "session/application_heartbeat.hpp"

namespace twinsocket::detail {

namespace {

// RFC 6455 section 4.1, point 10: subprotocols are tokens and unique.
result<void> check(const std::vector<std::string>& subprotocols) {
  for (auto name = subprotocols.begin(); name != subprotocols.end(); ++name) {
    if (!is_token(*name)) return error(errc::invalid_argument, "the subprotocol \"" + *name + "\" is not a token");
    if (std::find(subprotocols.begin(), name, *name) != name)
      return error(errc::invalid_argument, "the subprotocol \"" + *name + "\" is offered twice");
  }
  return {};
}

}  // namespace

result<void> connect_attempt::start(std::string_view url, std::vector<std::string> subprotocols,
                                    std::chrono::milliseconds timeout, bool heartbeats, time_point now) {
  if (const result<void> usable = check(subprotocols); !usable) return usable.error();
  url_ = url;
  offered_ = heartbeats ? offer_heartbeats(std::move(subprotocols)) : std::move(subprotocols);
  timeout_ = timeout;
  socket_ = std::make_unique<browser_socket>(static_cast<socket_handler&>(*this));
  if (const std::string refusal = socket_->open(url_, offered_); !refusal.empty()) {
    socket_.reset();
    return error(errc::connect_failed, url_ + ": " + refusal);
  }
  due_ = add_saturating(now, timeout);
  socket_->arm_timer(due_, now, timer_expiry_);
  return {};
}

void connect_attempt::opened(std::string_view subprotocol, time_point now) {
  socket_->set_timer(std::chrono::milliseconds(0));
  subprotocol_ = without_heartbeat(subprotocol);
  heartbeats_ = has_heartbeat(subprotocol);
  // A browser fails such a connection by itself. Node does not always.
  if (!subprotocol.empty() && std::find(offered_.begin(), offered_.end(), subprotocol) == offered_.end()) {
    finish(error(errc::handshake_failed,
                 "the server chose the subprotocol \"" + std::string(subprotocol) + "\", which was not offered"),
           now);
  } else {
    finish({}, now);
  }
}

void connect_attempt::ended(close_code, std::string_view, std::string_view why, time_point now) {
  std::string detail = url_;
  // Browsers give no reason, so that a page cannot scan the user's network.
  if (!why.empty()) detail.append(": ").append(why);
  finish(error(errc::connect_failed, std::move(detail)), now);
}

void connect_attempt::on_socket_timer(time_point now) {
  // A JavaScript timer may expire slightly early, and is limited to 24 days.
  timer_expiry_ = time_point::max();
  if (now < due_) {
    socket_->arm_timer(due_, now, timer_expiry_);
    return;
  }
  finish(error(errc::timed_out, url_ + " was not connected within " + to_text(timeout_)), now);
}

void connect_attempt::finish(std::optional<error> failure, time_point now) {
  failure_ = std::move(failure);
  done_ = true;
  if (failure_) socket_.reset();
  listener_->attempt_done(now);
}

}  // namespace twinsocket::detail
