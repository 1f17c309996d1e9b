#include "opening.hpp"

#include <algorithm>
#include <utility>

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

result<void> opening::start(std::string_view url, const std::vector<std::string>& subprotocols,
                            std::chrono::milliseconds time_limit, bool heartbeats) {
  if (const result<void> usable = check(subprotocols); !usable) return usable.error();
  url_ = url;
  offered_ = heartbeats ? offer_heartbeats(subprotocols) : subprotocols;
  time_limit_ = time_limit;
  socket_ = std::make_unique<browser_socket>(static_cast<socket_handler&>(*this));
  if (const std::string refusal = socket_->open(url_, offered_); !refusal.empty()) {
    socket_.reset();
    return error(errc::connect_failed, url_ + ": " + refusal);
  }
  due_ = later(platform_clock(), time_limit);
  socket_->ring_by(due_, platform_clock(), alarm_);
  return {};
}

void opening::opened(std::string_view subprotocol) {
  socket_->set_alarm(std::chrono::milliseconds(0));
  subprotocol_ = without_heartbeat(subprotocol);
  heartbeats_ = has_heartbeat(subprotocol);
  // A browser fails such a connection by itself. Node does not always.
  if (!subprotocol.empty() && std::find(offered_.begin(), offered_.end(), subprotocol) == offered_.end()) {
    finish(error(errc::handshake_failed,
                 "the server chose the subprotocol \"" + std::string(subprotocol) + "\", which was not offered"));
  } else {
    finish({});
  }
}

void opening::ended(close_code, std::string_view, std::string_view why) {
  std::string detail = url_;
  // Browsers give no reason, so that a page cannot scan the user's network.
  if (!why.empty()) detail.append(": ").append(why);
  finish(error(errc::connect_failed, std::move(detail)));
}

void opening::alarm() {
  // A JavaScript timer may expire slightly early, and is limited to 24 days.
  alarm_ = time_point::max();
  if (const time_point now = platform_clock(); now < due_) {
    socket_->ring_by(due_, now, alarm_);
    return;
  }
  finish(error(errc::timed_out, url_ + " was not connected within " + std::to_string(time_limit_.count()) + " ms"));
}

void opening::finish(std::optional<error> failure) {
  failure_ = std::move(failure);
  done_ = true;
  if (failure_) socket_.reset();
  listener_->opening_done();
}

}  // namespace twinsocket::detail
