#include "channels/channel_participant.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

#include "channels/envelope.hpp"
#include "channels/random_name.hpp"
#include "channels/recovery.hpp"
#include "codec/document_error.hpp"
#include "protocol/utf8.hpp"
#include "server/prometheus_text.hpp"
#include "twinsocket/with_timeout.hpp"

namespace twinsocket::detail {

namespace protocol = channel_protocol;
using protocol::failure;
using protocol::failure_code;
using protocol::response_value;

namespace {

// Bytes of the key of a publication.
constexpr std::size_t max_key_size = 128;

// What is wrong with the broker is not told to strangers.
failure broker_failure(const error& why) {
  if (why == errc::queue_full) return {failure_code::over_limit, why.detail()};
  return {failure_code::unavailable, "the server cannot do this now"};
}

failure unknown(const std::string& channel) {
  return {failure_code::unknown_channel, "there is no channel " + quote_for_error(channel)};
}

failure not_subscribed(const std::string& channel) {
  return {failure_code::not_allowed, "not subscribed to " + quote_for_error(channel)};
}

/// Calls a hook and awaits its task. A hook may be a lambda with captures, which live as long as the options.
template <class... Arguments, class... Values>
auto call_hook(const std::function<task<result<void>>(Arguments...)>& hook, Values&... values) -> task<result<void>> {
  co_return co_await hook(values...);
}

/// Awaits the decision of a hook. Empty if it allows.
task<std::optional<failure>> decision(task<result<void>> hook, std::chrono::milliseconds timeout) {
  const result<void> allowed = co_await with_timeout(std::move(hook), timeout);
  if (allowed) co_return std::nullopt;
  const bool late = allowed.error() == errc::timed_out;
  co_return failure{late ? failure_code::unavailable : failure_code::not_allowed, allowed.error().detail()};
}

std::optional<std::uint64_t> offset_of(const std::optional<protocol::position>& since) {
  if (!since || since->offset < 0) return std::nullopt;
  return static_cast<std::uint64_t>(since->offset);
}

protocol::position position_of(const broker_position& from) {
  return {static_cast<std::int64_t>(from.offset), from.epoch};
}

// What the broker keeps. Publications that another program has written are left out.
std::vector<protocol::publication> publications_of(const broker_history& from) {
  std::vector<protocol::publication> out;
  for (const broker_publication& one : from.publications) {
    result<broker_event> what = decode_event(one.bytes);
    if (!what || !std::holds_alternative<protocol::publication>(*what)) continue;
    out.push_back(std::get<protocol::publication>(std::move(*what)));
    out.back().offset = static_cast<std::int64_t>(one.offset);
  }
  return out;
}

}  // namespace

// With memberships: a task was destroyed, for example together with the server's event loop.
channel_participant::~channel_participant() {
  for (const auto& [channel, one] : memberships_) {
    delivery_.end(channel);
    hub_->abandon(channel);
    hub_->metrics().count_subscription(-1);
  }
}

bool channel_participant::introduce(channel_user who) {
  if (!is_valid_utf8(who.user) || !is_valid_utf8(who.info)) return false;
  who_ = std::move(who);
  who_.client = random_name();
  return true;
}

task<void> channel_participant::leave_all() {
  while (!memberships_.empty()) co_await leave(memberships_.begin()->first);
}

std::chrono::nanoseconds channel_participant::renewal_interval() const {
  return std::max<std::chrono::nanoseconds>(hub_->options().presence_time() / 3, std::chrono::milliseconds(1));
}

task<response_value> channel_participant::subscribe(protocol::subscribe_request asked) {
  const channel_options* const options = hub_->find(asked.channel);
  if (!options) co_return unknown(asked.channel);
  // Who is subscribed already asks for what it has missed.
  if (!memberships_.contains(asked.channel))
    if (auto no = co_await enter(asked.channel)) co_return std::move(*no);
  const std::string channel = asked.channel;
  response_value answer = co_await recover(std::move(asked), *options);
  if (std::holds_alternative<failure>(answer)) co_await leave(channel);
  co_return answer;
}

task<std::optional<failure>> channel_participant::enter(std::string channel) {
  const channel_options* const options = hub_->find(channel);
  if (!options) co_return unknown(channel);
  if (memberships_.size() >= hub_->options().max_subscriptions())
    co_return failure{
        failure_code::over_limit,
        "a connection may have " + std::to_string(hub_->options().max_subscriptions()) + " subscriptions"};
  if (options->on_subscribe())
    if (auto no = co_await decision(call_hook(options->on_subscribe(), who_, channel), hook_timeout()))
      co_return std::move(*no);
  co_return co_await join(std::move(channel), *options);
}

// From here on publications are pushed. They may overtake a response.
task<std::optional<failure>> channel_participant::join(std::string channel, const channel_options& options) {
  if (const auto entered = co_await hub_->enter(channel); !entered) co_return broker_failure(entered.error());
  auto listening = co_await delivery_.begin(channel, options);
  if (!listening) {
    co_await hub_->leave(std::move(channel));
    co_return broker_failure(listening.error());
  }
  membership& one = memberships_[channel];
  one.listening = std::move(*listening);
  hub_->metrics().count_subscription(1);
  if (options.presence()) {
    const auto added = co_await add_presence(channel);
    if (!added) {
      co_await leave(channel);
      co_return broker_failure(added.error());
    }
    one.present = true;
  }
  if (options.announces_members()) co_await hub_->announce(channel, true, self());
  co_return std::nullopt;
}

task<response_value> channel_participant::recover(protocol::subscribe_request asked, const channel_options& options) {
  protocol::subscribe_response out;
  if (options.history() == 0) co_return out;
  constexpr std::uint64_t nothing = std::numeric_limits<std::int64_t>::max();
  const std::uint64_t since = asked.since ? offset_of(asked.since).value_or(0) : nothing;
  auto kept = co_await hub_->where().history(asked.channel, since, options.history());
  if (!kept) co_return broker_failure(kept.error());
  if (asked.since) {
    out.recovery = recovery_of(*kept, *asked.since);
    if (out.recovery == protocol::recovery::epoch_changed && since > 0) {
      kept = co_await hub_->where().history(asked.channel, 0, options.history());
      if (!kept) co_return broker_failure(kept.error());
    }
  }
  hub_->metrics().count_recovery(out.recovery);
  out.publications = publications_of(*kept);
  out.position = position_of(kept->last);
  co_return out;
}

task<response_value> channel_participant::publish(protocol::publish_request asked) {
  const channel_options* const options = hub_->find(asked.channel);
  if (!options) co_return unknown(asked.channel);
  if (!options->client_publish())
    co_return failure{failure_code::not_allowed, "clients may not publish to " + quote_for_error(asked.channel)};
  if (!memberships_.contains(asked.channel)) co_return not_subscribed(asked.channel);
  if (asked.text.has_value() == asked.data.has_value())
    co_return failure{failure_code::bad_request, "a publication has either a text or data"};
  const std::size_t size = asked.text ? asked.text->size() : asked.data->size();
  if (size > options->max_publication_bytes())
    co_return failure{failure_code::over_limit, "the publication has " + std::to_string(size) +
                                                    " bytes, the limit is " +
                                                    std::to_string(options->max_publication_bytes())};
  if (asked.key.size() > max_key_size)
    co_return failure{failure_code::over_limit, "the key has " + std::to_string(asked.key.size()) +
                                                    " bytes, the limit is " + std::to_string(max_key_size)};
  const auto now = std::chrono::system_clock::now();
  if (!rate_.allows(std::chrono::steady_clock::now()))
    co_return failure{failure_code::too_fast, "more publications in a second than allowed: " +
                                                  format_number(hub_->options().max_publications_per_second())};
  if (options->on_publish()) {
    const message what = asked.text ? message(*asked.text) : message(message_kind::binary, std::span(*asked.data));
    if (auto no = co_await decision(call_hook(options->on_publish(), who_, asked.channel, what), hook_timeout()))
      co_return std::move(*no);
  }
  protocol::publication made{
      .text = std::move(asked.text),
      .data = std::move(asked.data),
      .publisher = self(),
      .time = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count()};
  // Keys are per user, so that nobody can use up those of others. With the size of the name no two users have the same.
  std::string key = asked.key.empty() ? std::string() : std::to_string(who_.user.size()) + ":" + who_.user + asked.key;
  const auto position = co_await hub_->publish(std::move(asked.channel), std::move(made), std::move(key));
  if (!position) co_return broker_failure(position.error());
  protocol::publish_response out;
  if (*position) out.position = position_of(**position);
  co_return out;
}

task<response_value> channel_participant::history(protocol::history_request asked) {
  const channel_options* const options = hub_->find(asked.channel);
  if (!options) co_return unknown(asked.channel);
  if (!memberships_.contains(asked.channel)) co_return not_subscribed(asked.channel);
  const std::size_t limit =
      asked.limit == 0 ? options->history() : std::min<std::size_t>(asked.limit, options->history());
  auto kept = co_await hub_->where().history(asked.channel, offset_of(asked.since).value_or(0), limit);
  if (!kept) co_return broker_failure(kept.error());
  co_return protocol::history_response{position_of(kept->last), publications_of(*kept)};
}

task<response_value> channel_participant::presence(protocol::presence_request asked) {
  const channel_options* const options = hub_->find(asked.channel);
  if (!options) co_return unknown(asked.channel);
  if (!options->presence())
    co_return failure{failure_code::not_allowed, quote_for_error(asked.channel) + " does not tell who is there"};
  if (!memberships_.contains(asked.channel)) co_return not_subscribed(asked.channel);
  if (options->on_presence())
    if (auto no = co_await decision(call_hook(options->on_presence(), who_, asked.channel), hook_timeout()))
      co_return std::move(*no);
  const auto known = co_await hub_->where().presence(asked.channel);
  if (!known) co_return broker_failure(known.error());
  protocol::presence_response out;
  for (const broker_member& one : *known)
    if (auto who = decode_member(one.bytes)) out.members.push_back(std::move(*who));
  co_return out;
}

task<void> channel_participant::leave(std::string channel) {
  const auto found = memberships_.find(channel);
  if (found == memberships_.end()) co_return;
  const bool present = found->second.present;
  delivery_.end(channel);
  memberships_.erase(found);
  hub_->metrics().count_subscription(-1);
  const channel_options* const options = hub_->find(channel);
  // If the broker cannot be reached, the presence ends by itself.
  if (present) static_cast<void>(co_await hub_->where().remove_presence(channel, who_.client));
  if (options->announces_members()) co_await hub_->announce(channel, false, self());
  co_await hub_->leave(std::move(channel));
}

task<void> channel_participant::renew_presence() {
  for (const auto& [channel, one] : memberships_)
    if (one.present) static_cast<void>(co_await add_presence(channel));
}

task<result<void>> channel_participant::add_presence(std::string channel) {
  auto bytes = encode_member(self());
  if (!bytes) co_return bytes.error();
  co_return co_await hub_->where().add_presence(std::move(channel), who_.client, std::move(*bytes),
                                                hub_->options().presence_time());
}

}  // namespace twinsocket::detail
