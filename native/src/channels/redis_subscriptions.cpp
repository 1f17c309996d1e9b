// The subscriptions of a redis_client.

#include <algorithm>
#include <array>
#include <utility>

#include "channels/redis_attempts.hpp"
#include "channels/redis_client.hpp"
#include "channels/redis_names.hpp"
#include "channels/redis_script.hpp"

namespace twinsocket::detail {

namespace {

// Subscriptions that are restored at the same time, or by one command.
constexpr std::size_t subscriptions_at_once = 1000;

std::string subscription_command(std::string_view command, std::string_view name) {
  const std::array<std::string_view, 2> arguments{command, name};
  return redis_command_text(arguments);
}

/// In a cluster a publication goes only to the node that has the slot.
std::string subscribe_command(const redis_node& of, std::string_view name) {
  return subscription_command(of.in_cluster ? "SSUBSCRIBE" : "SUBSCRIBE", name);
}

}  // namespace

void redis_client::add_subscription(const std::string& channel) {
  subscription& known = subscribed_[redis_subscription_name(*state_->settings, channel)];
  if (known.count++ == 0) known.channel = std::make_shared<const std::string>(channel);
}

// The command is sent also if the channel is subscribed already: so the call ends once the server has confirmed it.
redis_client::sent_request redis_client::subscribe(const std::string& channel) {
  const std::string name = redis_subscription_name(*state_->settings, channel);
  redis_node& node = node_of(channel);
  const auto known = subscribed_.find(name);
  if (known != subscribed_.end() && known->second.phase == subscription_phase::pending) known->second.node = &node;
  node.subscriptions->start();
  return node.subscriptions->send({.text = subscribe_command(node, name)});
}

bool redis_client::is_subscribed(const std::string& channel) const {
  const auto known = subscribed_.find(redis_subscription_name(*state_->settings, channel));
  return known != subscribed_.end() && known->second.phase != subscription_phase::pending;
}

std::shared_ptr<redis_request> redis_client::unsubscribe(const std::string& channel) {
  const std::string name = redis_subscription_name(*state_->settings, channel);
  const auto known = subscribed_.find(name);
  if (known == subscribed_.end() || --known->second.count > 0) return nullptr;
  const redis_node* const node = known->second.node;
  const bool confirmed = known->second.phase == subscription_phase::confirmed;
  subscribed_.erase(known);
  if (!node || !node->subscriptions->ready()) return nullptr;
  if (node->in_cluster) {
    if (confirmed) end_sharded(*node, name);
    return nullptr;
  }
  auto sent = node->subscriptions->send({.text = subscription_command("UNSUBSCRIBE", name)});
  return sent ? *sent : nullptr;
}

// No answer is awaited: it looks like what tells that the slot was moved, which may come first. Not called before the node has
// confirmed the subscription, because it may never do so.
void redis_client::end_sharded(const redis_node& of, std::string_view name) {
  of.subscriptions->post(subscription_command("SUNSUBSCRIBE", name));
}

redis_connection_hooks redis_client::subscription_hooks(redis_node& of) {
  redis_connection_hooks hooks;
  hooks.on_change = [this, &of] {
    if (!of.subscriptions->ready()) on_subscriptions_lost(of);
    on_change(of);
  };
  hooks.on_push = [this, &of](const redis_value& reply) { return on_push(of, reply); };
  if (of.in_cluster) {
    hooks.on_ready = [this, &of] { restore_missed([&of](const subscription& one) { return one.node == &of; }); };
  } else {
    hooks.on_slots = [this, &of](const redis_value& reply) { return on_slots(of, reply); };
    hooks.first_commands = [this] { return subscribe_again(); };
  }
  return hooks;
}

/// Those of a single server.
std::vector<redis_command> redis_client::subscribe_again() const {
  std::vector<redis_command> out;
  if (!slots_.empty()) return out;
  for (auto at = subscribed_.begin(); at != subscribed_.end();) {
    std::vector<std::string_view> arguments{"SUBSCRIBE"};
    for (; at != subscribed_.end() && arguments.size() <= subscriptions_at_once; ++at) arguments.push_back(at->first);
    out.push_back({.text = redis_command_text(arguments), .replies = arguments.size() - 1});
  }
  return out;
}

bool redis_client::on_push(redis_node& from, const redis_value& reply) {
  if (reply.size() != 3) {
    // The answer of a node to SUNSUBSCRIBE that does not have the slot any more.
    const auto refused = from.in_cluster && from.subscriptions->idle() ? reply.error_text() : std::nullopt;
    return refused && to_redirection(*refused);
  }
  const auto kind = reply[0].text();
  const auto name = reply[1].text();
  if (!kind || !name) return false;
  if (*kind == (from.in_cluster ? "smessage" : "message")) {
    const auto payload = reply[2].text();
    if (payload) deliver(from, *name, *payload);
    return payload.has_value();
  }
  if (*kind == (from.in_cluster ? "ssubscribe" : "subscribe")) on_confirmed(from, *name);
  if (!from.in_cluster || *kind != "sunsubscribe") return false;
  on_removed(from, *name);
  return true;
}

void redis_client::deliver(const redis_node& from, std::string_view name, std::string_view payload) {
  const auto known = subscribed_.find(name);
  if (known == subscribed_.end() || known->second.node != &from) {
    // unsubscribe() was called before a SUBSCRIBE that waited for the connection was sent, or another node has the slot.
    if (from.in_cluster) {
      end_sharded(from, name);
    } else if (from.subscriptions->ready()) {
      static_cast<void>(from.subscriptions->send({.text = subscription_command("UNSUBSCRIBE", name)}));
    }
    return;
  }
  // The listener may remove the subscription.
  const auto channel = known->second.channel;
  const auto received = to_publication(payload);
  const auto listener = state_->listener.lock();
  if (received && listener) listener->on_publication(*channel, received->publication, received->epoch);
}

// The listener is told of the gap before it gets what is published afterwards.
void redis_client::on_confirmed(const redis_node& by, std::string_view name) {
  const auto known = subscribed_.find(name);
  if (known == subscribed_.end() || known->second.node != &by) {
    if (by.in_cluster) end_sharded(by, name);
    return;
  }
  const auto before = std::exchange(known->second.phase, subscription_phase::confirmed);
  if (before != subscription_phase::missed) return;
  const auto channel = known->second.channel;
  if (const auto listener = state_->listener.lock()) listener->on_gap(*channel);
}

void redis_client::on_removed(const redis_node& by, std::string_view name) {
  const auto known = subscribed_.find(name);
  if (known == subscribed_.end() || known->second.node != &by) return;
  if (known->second.phase != subscription_phase::confirmed) return;
  known->second.phase = subscription_phase::missed;
  spawn(restore(state_, {known->first}));
}

void redis_client::on_subscriptions_lost(const redis_node& of) {
  for (auto& [name, one] : subscribed_)
    if (one.node == &of && one.phase == subscription_phase::confirmed) one.phase = subscription_phase::missed;
}

void redis_client::restore_missed(const std::function<bool(const subscription&)>& is_one) {
  std::vector<std::string> names;
  for (const auto& [name, one] : subscribed_)
    if (one.phase == subscription_phase::missed && is_one(one)) names.push_back(name);
  if (!names.empty()) spawn(restore(state_, std::move(names)));
}

/// False also if the connection is not there yet: once it is, its subscriptions are restored.
bool redis_client::can_restore(std::string_view name) {
  const auto known = subscribed_.find(name);
  if (known == subscribed_.end() || known->second.phase != subscription_phase::missed) return false;
  redis_node& node = node_of(*known->second.channel);
  known->second.node = &node;
  node.subscriptions->start();
  return node.subscriptions->ready();
}

std::shared_ptr<redis_request> redis_client::ask_for(std::string_view name) {
  const redis_node& node = *subscribed_.find(name)->second.node;
  auto sent = node.subscriptions->send({.text = subscribe_command(node, name)});
  return sent ? *sent : nullptr;
}

task<void> redis_client::restore(std::shared_ptr<redis_state> state, std::vector<std::string> names) {
  for (;;) {
    if (!state->client || loop::require_current().draining()) co_return;
    std::erase_if(names, [&](const std::string& name) { return !state->client->can_restore(name); });
    if (names.empty()) co_return;
    std::vector<std::shared_ptr<redis_request>> asked;
    const std::size_t count = std::min(names.size(), subscriptions_at_once);
    for (std::size_t i = 0; i < count; ++i)
      if (auto request = state->client->ask_for(names[i])) asked.push_back(std::move(request));
    bool again = asked.empty();
    for (const auto& request : asked) {
      co_await request->answered.wait();
      const auto refused = refusal_of(*request);
      const auto moved = refused ? to_redirection(*refused) : std::nullopt;
      again = again || (refused && !(moved && state->client && state->client->redirect(*moved)));
    }
    std::rotate(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(count), names.end());
    if (again) co_await sleep_for(redis_retry_delay);
  }
}

}  // namespace twinsocket::detail
