#include "channels/channel_session.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>
#include <utility>

#include "twinsocket/with_timeout.hpp"

namespace twinsocket::detail {

namespace protocol = channel_protocol;
using protocol::failure;
using protocol::failure_code;
using protocol::response_value;

namespace {

// Clients do not come back after this close code.
constexpr close_code code_of_refusal{3500};

/// Leaves out half of the publications of a response. False if it has none.
bool halve(response_value& value) {
  const auto half = [](std::vector<protocol::publication>& all) {
    return static_cast<std::ptrdiff_t>(all.size() + 1) / 2;
  };
  if (auto* const one = std::get_if<protocol::subscribe_response>(&value); one && !one->publications.empty()) {
    one->publications.erase(one->publications.begin(), one->publications.begin() + half(one->publications));
    if (one->recovery == protocol::recovery::complete) one->recovery = protocol::recovery::trimmed;
    return true;
  }
  if (auto* const one = std::get_if<protocol::history_response>(&value); one && !one->publications.empty()) {
    one->publications.erase(one->publications.end() - half(one->publications), one->publications.end());
    return true;
  }
  return false;
}

task<result<channel_user>> call_connect(const channels_options::connect_hook& hook, const request& req,
                                        std::string token) {
  co_return co_await hook(req, std::move(token));
}

}  // namespace

task<void> channel_session::run() {
  std::exception_ptr failure_of_hook;
  try {
    co_await serve_requests();
  } catch (...) {
    failure_of_hook = std::current_exception();
  }
  co_await participant_.leave_all();
  if (failure_of_hook) std::rethrow_exception(failure_of_hook);
}

task<result<subscription>> channel_session::begin(std::string channel, const channel_options& options) {
  co_return hub_->listen(socket_, codec_, channel, options.delivery());
}

task<void> channel_session::serve_requests() {
  const auto& options = hub_->options();
  const auto renewal = participant_.renewal_interval();
  auto now = std::chrono::steady_clock::now();
  auto due = add_saturating(now, options.connect_timeout());
  for (;;) {
    now = std::chrono::steady_clock::now();
    if (now >= due) {
      if (!participant_.is_introduced()) {
        socket_.close(close_code::policy_violation,
                      "no ConnectRequest within " + std::to_string(options.connect_timeout().count()) + " ms");
        break;
      }
      co_await participant_.renew_presence();
      due = add_saturating(now, renewal);
    }
    auto asked = co_await socket_.receive<protocol::client_message>(codec_, receive_options().timeout(due - now));
    if (!asked) {
      if (asked.error() == errc::timed_out) continue;
      // close() has no effect if the connection has ended.
      socket_.close(close_code::invalid_payload, asked.error().detail());
      break;
    }
    const bool was_connected = participant_.is_introduced();
    response_value value = co_await respond(std::move(asked->request));
    if (const auto* const no = std::get_if<failure>(&value)) hub_->metrics().count_refusal(no->code);
    protocol::response answer{asked->id, std::move(value)};
    co_await send(std::move(answer));
    if (refusal_) {
      socket_.close(code_of_refusal, *refusal_);
      break;
    }
    if (!was_connected && participant_.is_introduced()) due = add_saturating(std::chrono::steady_clock::now(), renewal);
  }
}

// A response of more publications than the send queue holds tells a part of them.
task<void> channel_session::send(protocol::response answer) {
  protocol::server_message made = std::move(answer);
  for (;;) {
    const send_result sent = co_await socket_.send(codec_, made);
    if (sent || sent.error() != errc::message_too_big || !halve(std::get<protocol::response>(made).value)) co_return;
  }
}

task<response_value> channel_session::respond(protocol::request asked) {
  if (auto* const first = std::get_if<protocol::connect_request>(&asked)) co_return co_await connect(std::move(*first));
  if (!participant_.is_introduced())
    co_return failure{failure_code::bad_request, "the first request has to be a ConnectRequest"};
  if (auto* const one = std::get_if<protocol::subscribe_request>(&asked))
    co_return co_await participant_.subscribe(std::move(*one));
  if (auto* const one = std::get_if<protocol::publish_request>(&asked))
    co_return co_await participant_.publish(std::move(*one));
  if (auto* const one = std::get_if<protocol::history_request>(&asked))
    co_return co_await participant_.history(std::move(*one));
  if (auto* const one = std::get_if<protocol::presence_request>(&asked))
    co_return co_await participant_.presence(std::move(*one));
  auto& ended = std::get<protocol::unsubscribe_request>(asked);
  co_await participant_.leave(ended.channel);
  co_return protocol::unsubscribe_response{std::move(ended.channel)};
}

task<response_value> channel_session::connect(protocol::connect_request asked) {
  if (participant_.is_introduced()) co_return failure{failure_code::bad_request, "the client is connected already"};
  channel_user who;
  if (const auto& hook = hub_->options().on_connect()) {
    auto known = co_await with_timeout(call_connect(hook, req_, std::move(asked.token)), participant_.hook_timeout());
    if (!known && known.error() == errc::timed_out)
      co_return failure{failure_code::unavailable, known.error().detail()};
    if (!known) {
      refusal_ = known.error().detail();
      co_return failure{failure_code::not_allowed, *refusal_};
    }
    who = std::move(*known);
  }
  if (!participant_.introduce(std::move(who)))
    co_return failure{failure_code::unavailable, "the server's name for the user is not UTF-8"};
  co_return protocol::connect_response{participant_.who().client, participant_.who().user};
}

}  // namespace twinsocket::detail
