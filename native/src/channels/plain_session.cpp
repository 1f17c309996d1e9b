#include "channels/plain_session.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

#include "twinsocket/chrono.hpp"

namespace twinsocket::detail {

using channel_protocol::failure;
using channel_protocol::failure_code;

namespace {

// How long a client that publishes too fast is not read: until it may publish again, or look whether it is still there.
std::chrono::milliseconds pause_at(double per_second) {
  const double milliseconds = 1000 / std::max(per_second, 1.0);
  return std::chrono::milliseconds(
      std::max<std::chrono::milliseconds::rep>(std::chrono::milliseconds::rep(milliseconds), 1));
}

}  // namespace

task<void> plain_session::run() {
  std::exception_ptr thrown;
  try {
    co_await serve();
  } catch (...) {
    thrown = std::current_exception();
  }
  co_await participant_.leave_all();
  if (thrown) std::rethrow_exception(thrown);
}

task<result<subscription>> plain_session::begin(std::string channel, const channel_options& options) {
  return delivery_->begin(socket_, std::move(channel), options);
}

task<void> plain_session::serve() {
  const plain_channel& how = delivery_->how();
  const std::string channel = how.channel()(req_);
  channel_user who;
  if (how.user()) who = how.user()(req_);
  if (!participant_.introduce(std::move(who))) {
    socket_.close(close_code::internal_error, "the server's name for the user is not UTF-8");
    co_return;
  }
  const auto no = co_await participant_.enter(channel);
  if (no) {
    refuse(*no);
    co_return;
  }
  co_await receive_all(channel);
}

task<void> plain_session::receive_all(std::string channel) {
  auto due = add_saturating(std::chrono::steady_clock::now(), participant_.renewal_interval());
  for (;;) {
    const auto now = std::chrono::steady_clock::now();
    if (now >= due) {
      co_await participant_.renew_presence();
      due = add_saturating(now, participant_.renewal_interval());
    }
    const auto received = co_await socket_.receive(receive_options().timeout(due - now));
    if (!received && received.error() == errc::timed_out) continue;
    if (!received) co_return;
    const bool goes_on = co_await publish(channel, *received);
    if (!goes_on) co_return;
  }
}

task<bool> plain_session::publish(std::string channel, const message& received) {
  const channel_options* const options = delivery_->hub()->find(channel);
  if (!options->client_publish()) co_return true;
  channel_protocol::publish_request what;
  what.channel = std::move(channel);
  const auto set = [&what](const message& content) {
    if (content.kind() == message_kind::text) {
      what.text = content.text();
    } else {
      what.data.emplace(content.bytes().begin(), content.bytes().end());
    }
  };
  if (delivery_->how().decode()) {
    const auto decoded = delivery_->how().decode()(received, socket_.subprotocol());
    if (!decoded) {
      socket_.close(close_code::invalid_payload, decoded.error().detail());
      co_return false;
    }
    set(*decoded);
  } else {
    set(received);
  }
  while (socket_.is_open()) {
    auto copy = what;
    const auto answer = co_await participant_.publish(std::move(copy));
    const auto* const no = std::get_if<failure>(&answer);
    if (!no) co_return true;
    if (no->code != failure_code::too_fast) {
      refuse(*no);
      break;
    }
    co_await sleep_for(pause_at(delivery_->hub()->options().max_publications_per_second()));
  }
  co_return false;
}

void plain_session::refuse(const failure& why) {
  delivery_->hub()->metrics().count_refusal(why.code);
  const bool later = why.code == failure_code::unavailable;
  socket_.close(later ? close_code::try_again_later : close_code::policy_violation, why.reason);
}

}  // namespace twinsocket::detail
