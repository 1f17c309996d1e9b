#include "channels/redis_client.hpp"

#include <utility>

#include "channels/redis_names.hpp"
#include "channels/redis_script.hpp"

namespace twinsocket::detail {

namespace {

// Subscriptions of one command after a lost connection.
constexpr std::size_t subscriptions_at_once = 1000;

std::string subscription_command(std::string_view command, std::string_view name) {
  const std::array<std::string_view, 2> arguments{command, name};
  return redis_command_text(arguments);
}

}  // namespace

redis_state::redis_state(redis_settings values) : settings(std::make_shared<const redis_settings>(std::move(values))) {}

redis_client::redis_client(redis_state& state)
    : state_(state),
      commands_(std::make_shared<redis_connection>(state.settings, command_hooks())),
      subscriptions_(std::make_shared<redis_connection>(state.settings, subscription_hooks())) {
  loop& own_loop = loop::require_current();
  own_loop.adopt(*this);
  if (own_loop.draining()) on_loop_drain();
  state_.client = this;
}

redis_client::~redis_client() {
  state_.client = nullptr;
  commands_->stop();
  subscriptions_->stop();
  const std::scoped_lock lock(state_.mutex);
  state_.health = {.ok = false, .detail = "the event loop of the broker has ended"};
}

task<void> redis_client::run(std::shared_ptr<redis_state> state) {
  redis_client self(*state);
  co_await self.stopped_.wait();
}

result<std::shared_ptr<redis_request>> redis_client::send(redis_command command) {
  commands_->start();
  return commands_->send(std::move(command));
}

// The command is sent also if the channel is subscribed already: so the call ends once the server has confirmed it.
result<std::shared_ptr<redis_request>> redis_client::subscribe(const std::string& channel) {
  subscriptions_->start();
  const std::string name = redis_subscription_name(*state_.settings, channel);
  auto sent = subscriptions_->send({.text = subscription_command("SUBSCRIBE", name)});
  if (!sent) return sent;
  subscription& known = subscribed_[name];
  if (known.count++ == 0) known.channel = std::make_shared<const std::string>(channel);
  return sent;
}

std::shared_ptr<redis_request> redis_client::unsubscribe(const std::string& channel) {
  const std::string name = redis_subscription_name(*state_.settings, channel);
  const auto known = subscribed_.find(name);
  if (known == subscribed_.end() || --known->second.count > 0) return nullptr;
  subscribed_.erase(known);
  if (!subscriptions_->ready()) return nullptr;
  auto sent = subscriptions_->send({.text = subscription_command("UNSUBSCRIBE", name)});
  return sent ? *sent : nullptr;
}

void redis_client::on_loop_drain() {
  commands_->drain();
  subscriptions_->drain();
}

redis_connection_hooks redis_client::command_hooks() {
  redis_connection_hooks hooks;
  hooks.on_change = [this] { update_health(); };
  return hooks;
}

redis_connection_hooks redis_client::subscription_hooks() {
  redis_connection_hooks hooks;
  hooks.on_change = [this] { update_health(); };
  hooks.first_commands = [this] { return subscribe_again(); };
  hooks.on_push = [this](const redis_value& reply) { return deliver(reply); };
  hooks.on_ready = [this](bool again) {
    const auto listener = again ? state_.listener.lock() : nullptr;
    if (listener) listener->on_gap();
  };
  return hooks;
}

std::vector<redis_command> redis_client::subscribe_again() const {
  std::vector<redis_command> out;
  for (auto at = subscribed_.begin(); at != subscribed_.end();) {
    std::vector<std::string_view> arguments{"SUBSCRIBE"};
    for (; at != subscribed_.end() && arguments.size() <= subscriptions_at_once; ++at) arguments.push_back(at->first);
    out.push_back({.text = redis_command_text(arguments), .replies = arguments.size() - 1});
  }
  return out;
}

bool redis_client::deliver(const redis_value& reply) {
  if (reply.size() != 3 || reply[0].text() != "message") return false;
  const auto name = reply[1].text();
  const auto payload = reply[2].text();
  if (!name || !payload) return false;
  const auto known = subscribed_.find(*name);
  if (known == subscribed_.end()) {
    // unsubscribe() was called before a SUBSCRIBE that waited for the connection was sent.
    if (subscriptions_->ready())
      static_cast<void>(subscriptions_->send({.text = subscription_command("UNSUBSCRIBE", *name)}));
    return true;
  }
  // The listener may remove the subscription.
  const auto channel = known->second.channel;
  const auto received = to_publication(*payload);
  const auto listener = state_.listener.lock();
  if (received && listener) listener->on_publication(*channel, received->publication, received->epoch);
  return true;
}

void redis_client::update_health() {
  const error& first = commands_->last_error();
  const error& why = first == errc::ok ? subscriptions_->last_error() : first;
  const std::scoped_lock lock(state_.mutex);
  state_.health = why == errc::ok ? broker_health{} : broker_health{.ok = false, .detail = why.message()};
}

}  // namespace twinsocket::detail
