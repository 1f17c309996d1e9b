#include "channels/redis_client.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "channels/redis_names.hpp"
#include "channels/redis_script.hpp"

namespace twinsocket::detail {

namespace {

/// Nothing if that is not the address of a server.
std::shared_ptr<const redis_settings> settings_of_node(const redis_settings& first, const std::string& address) {
  const bool secure = first.url.address.secure();
  auto parsed = url::parse((secure ? "wss://" : "ws://") + address);
  if (!parsed) return nullptr;
  redis_settings out = first;
  out.url.address = std::move(*parsed);
  out.options.unix_socket.clear();
  return std::make_shared<const redis_settings>(std::move(out));
}

}  // namespace

redis_state::redis_state(redis_settings values) : settings(std::make_shared<const redis_settings>(std::move(values))) {}

const error& redis_node::last_error() const {
  const error& first = commands->last_error();
  return first == errc::ok ? subscriptions->last_error() : first;
}

redis_client::redis_client(std::shared_ptr<redis_state> state)
    : state_(std::move(state)), first_(make_node(state_->settings, false)) {
  loop& own_loop = loop::require_current();
  own_loop.adopt(*this);
  if (own_loop.draining()) on_loop_drain();
  state_->client = this;
}

redis_client::~redis_client() {
  state_->client = nullptr;
  for (const auto& [address, node] : nodes_) {
    node->commands->stop();
    node->subscriptions->stop();
  }
  first_->commands->stop();
  first_->subscriptions->stop();
  const std::scoped_lock lock(state_->mutex);
  state_->health = {.ok = false, .detail = "the event loop of the broker has ended"};
}

task<void> redis_client::run(std::shared_ptr<redis_state> state) {
  redis_client self(state);
  co_await self.stopped_.wait();
}

redis_client::sent_request redis_client::send(std::string_view channel, redis_command command) {
  redis_node& to = node_of(channel);
  to.commands->start();
  return to.commands->send(std::move(command));
}

redis_client::sent_request redis_client::send(std::string_view channel, const redis_address& to,
                                              redis_command command) {
  redis_node* const node = node_at(to, node_of(channel));
  if (!node) return error(errc::type_mismatch, "a Redis Cluster redirects to an invalid address");
  node->commands->start();
  return node->commands->send(std::move(command));
}

void redis_client::on_loop_drain() {
  for (const auto& [address, node] : nodes_) {
    node->commands->drain();
    node->subscriptions->drain();
  }
  first_->commands->drain();
  first_->subscriptions->drain();
}

std::shared_ptr<redis_node> redis_client::make_node(std::shared_ptr<const redis_settings> settings, bool in_cluster) {
  auto made = std::make_shared<redis_node>();
  redis_node& node = *made;
  node.settings = std::move(settings);
  node.in_cluster = in_cluster;
  redis_connection_hooks hooks;
  hooks.on_change = [this, &node] { on_change(node); };
  if (!in_cluster) hooks.on_slots = [this, &node](const redis_value& reply) { return on_slots(node, reply); };
  node.subscriptions = std::make_shared<redis_connection>(node.settings, subscription_hooks(node));
  node.commands = std::make_shared<redis_connection>(node.settings, std::move(hooks));
  if (loop::require_current().draining()) {
    node.commands->drain();
    node.subscriptions->drain();
  }
  return made;
}

/// Null if the address is not valid.
redis_node* redis_client::node_at(const redis_address& address, const redis_node& told_by) {
  std::string host = address.host.empty() ? std::string(told_by.settings->url.address.host()) : address.host;
  if (host.find(':') != host.npos && !host.starts_with('[')) host = "[" + host + "]";
  const std::string name = host + ":" + std::to_string(address.port);
  const auto known = nodes_.find(name);
  if (known != nodes_.end()) return known->second.get();
  auto settings = settings_of_node(*state_->settings, name);
  if (!settings) return nullptr;
  return nodes_.emplace(name, make_node(std::move(settings), true)).first->second.get();
}

redis_node& redis_client::node_of(std::string_view channel) const {
  return slots_.empty() ? *first_ : *slots_[redis_slot(redis_hash_tag(channel))];
}

bool redis_client::redirect(const redis_redirection& moved) {
  redis_node* const node = slots_.empty() ? nullptr : node_at(moved.to, *slots_[moved.slot]);
  if (!node || std::exchange(slots_[moved.slot], node) == node) return false;
  refresh_slots(node);
  return true;
}

result<void> redis_client::on_slots(const redis_node& told_by, const redis_value& reply) {
  const auto ranges = to_slot_ranges(reply);
  if (!ranges) return ranges.error();
  slot_map slots(redis_slot_count);
  for (const redis_slot_range& range : *ranges) {
    redis_node* const node = node_at(range.master, told_by);
    if (!node) return error(errc::type_mismatch, "the address of a node of the Redis Cluster is invalid");
    std::fill(slots.begin() + range.first, slots.begin() + range.last + 1, node);
  }
  // Any node tells that a slot is served by none.
  std::replace(slots.begin(), slots.end(), static_cast<redis_node*>(nullptr), node_at(ranges->front().master, told_by));
  slots_ = std::move(slots);
  remove_unused();
  first_->commands->give_back();
  first_->subscriptions->give_back();
  restore_missed([this](const subscription& one) { return one.node != &node_of(*one.channel); });
  update_health();
  log_masters();
  return result<void>();
}

/// Those that are lost or idle; a node that is about to get slots may be in use before.
void redis_client::remove_unused() {
  for (auto at = nodes_.begin(); at != nodes_.end();) {
    const std::shared_ptr<redis_node> node = at->second;
    const bool idle = node->commands->idle() && node->subscriptions->idle();
    if (std::find(slots_.begin(), slots_.end(), node.get()) != slots_.end() ||
        (!idle && node->last_error() == errc::ok)) {
      ++at;
      continue;
    }
    at = nodes_.erase(at);
    for (const auto& connection : {node->commands, node->subscriptions}) {
      connection->give_back();
      connection->stop();
    }
    on_subscriptions_lost(*node);
    for (auto& [name, one] : subscribed_)
      if (one.node == node.get()) one.node = nullptr;
  }
}

/// Asks a node, or without one any that seems to be there, which nodes have the slots.
void redis_client::refresh_slots(redis_node* from) {
  if (slots_.empty() || refreshing_from_ || loop::require_current().draining()) return;
  std::shared_ptr<redis_node> chosen = first_->commands->ready() ? first_ : nullptr;
  for (const auto& [address, node] : nodes_) {
    if (from ? node.get() == from : !chosen && node->last_error() == errc::ok) chosen = node;
  }
  if (!chosen) return;
  refreshing_from_ = chosen;
  spawn(refresh(state_, std::move(chosen)));
}

task<void> redis_client::refresh(std::shared_ptr<redis_state> state, std::shared_ptr<redis_node> from) {
  constexpr std::array<std::string_view, 2> arguments{"CLUSTER", "SLOTS"};
  redis_command command{.text = redis_command_text(arguments)};
  from->commands->start();
  const auto sent = from->commands->send(std::move(command));
  if (sent) co_await (*sent)->answered.wait();
  if (!state->client) co_return;
  if (state->client->refreshing_from_ == from) state->client->refreshing_from_ = nullptr;
  // Where it fails, the next lost connection or redirection causes another one.
  if (sent && *(*sent)->answer) static_cast<void>(state->client->on_slots(*from, (**(*sent)->answer).value()));
}

void redis_client::on_change(const redis_node& of) {
  update_health();
  if (of.last_error() == errc::ok) return;
  // Its answer may take until the timeout.
  if (refreshing_from_.get() == &of) refreshing_from_ = nullptr;
  refresh_slots(nullptr);
}

void redis_client::update_health() {
  error why;
  if (slots_.empty()) why = first_->last_error();
  for (const auto& [address, node] : nodes_)
    if (why == errc::ok) why = node->last_error();
  const std::scoped_lock lock(state_->mutex);
  state_->health = why == errc::ok ? broker_health{} : broker_health{.ok = false, .detail = why.message()};
}

void redis_client::log_masters() {
  std::string masters;
  for (const auto& [address, node] : nodes_)
    if (std::find(slots_.begin(), slots_.end(), node.get()) != slots_.end())
      masters += (masters.empty() ? "" : ", ") + address;
  if (std::exchange(masters_, masters) == masters) return;
  if (const log_hook& to = state_->settings->options.log)
    to({.level = log_level::info, .event = "redis cluster", .detail = masters_, .remote_address = {}, .target = {}});
}

}  // namespace twinsocket::detail
