#include "channels/redis_calls.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <random>
#include <utility>

#include "channels/redis_attempts.hpp"
#include "channels/redis_names.hpp"
#include "channels/redis_run_id.hpp"
#include "channels/redis_script.hpp"

namespace twinsocket::detail {

namespace {

using reply_result = result<redis_reply>;

// Redis refuses times beyond the range of its clock.
constexpr std::chrono::milliseconds longest_time = std::chrono::hours(24 * 365 * 100);

std::string milliseconds_text(std::chrono::milliseconds time, std::chrono::milliseconds least) {
  return std::to_string(std::clamp(time, least, longest_time).count());
}

/// A size or a limit, within the range of Redis's integers.
std::string size_text(std::size_t size) { return std::to_string(std::min<std::size_t>(size, std::size_t{1} << 52)); }

/// The name of an epoch that begins if the channel has none.
std::string new_epoch() {
  static const std::string process = [] {
    std::random_device source;
    char text[17];
    std::snprintf(text, sizeof text, "%08x%08x", source(), source());
    return std::string(text);
  }();
  static std::atomic<std::uint64_t> count{0};
  return process + "-" + std::to_string(++count);
}

error not_running() { return {errc::closed, "the broker was destroyed, or its event loop has ended"}; }

/// The reply, also NOSCRIPT. `channel` and what `arguments` refer to must stay valid.
task<reply_result> run_command(redis_state_ptr state, const std::string& channel,
                               const std::vector<std::string_view>& arguments, bool has_run_id) {
  redis_attempts attempts;
  for (;;) {
    if (!state->client) co_return not_running();
    redis_command command{.text = redis_command_text(arguments), .has_run_id = has_run_id};
    const auto sent = attempts.send(*state->client, channel, std::move(command));
    if (!sent) co_return sent.error();
    redis_request& request = **sent;
    co_await request.answered.wait();
    if (!redis_attempts::may_repeat(request)) {
      if (const auto refused = refusal_of(request); refused && !refused->starts_with("NOSCRIPT"))
        co_return error(errc::closed, "Redis refused the command: " + redis_error_text(*refused));
      co_return std::move(*request.answer);
    }
    auto preparation = attempts.prepare(state, *sent);
    const auto prepared = co_await std::move(preparation);
    if (!prepared) co_return prepared.error();
  }
}

/// `arguments` are the keys and then the arguments of the script, and must stay valid. A server that does not know the script,
/// because it was started since, is sent the source.
task<reply_result> run_script(redis_state_ptr state, const std::string& channel, const redis_script& script,
                              std::string_view key_count, std::vector<std::string_view> arguments) {
  const std::array<std::string_view, 3> begin{"EVALSHA", script.sha1, key_count};
  arguments.insert(arguments.begin(), begin.begin(), begin.end());
  arguments.push_back(any_run_id);
  auto call = run_command(state, channel, arguments, true);
  auto reply = co_await std::move(call);
  if (reply && reply->value().error_text()) {
    arguments[0] = "EVAL";
    arguments[1] = script.source;
    auto again = run_command(state, channel, arguments, true);
    reply = co_await std::move(again);
  }
  co_return reply;
}

task<result<void>> without_value(task<reply_result> call) {
  const auto reply = co_await std::move(call);
  if (!reply) co_return reply.error();
  co_return result<void>();
}

/// Adds a subscription, and removes it if it cannot be made or the caller is destroyed.
class subscription_guard {
 public:
  subscription_guard(redis_state_ptr state, const std::string& channel) : state_(std::move(state)), channel_(channel) {
    state_->client->add_subscription(channel_);
  }
  subscription_guard(const subscription_guard&) = delete;
  ~subscription_guard() {
    if (state_ && state_->client) static_cast<void>(state_->client->unsubscribe(channel_));
  }
  void keep() noexcept { state_ = nullptr; }

 private:
  redis_state_ptr state_;
  const std::string channel_;
};

}  // namespace

task<result<std::optional<broker_position>>> redis_publish(redis_state_ptr state, std::string channel,
                                                           std::string bytes, broker_publish_options options) {
  const redis_settings& settings = *state->settings;
  const auto& how = settings.options;
  const std::string position = redis_position_key(settings, channel);
  const std::string history = redis_history_key(settings, channel);
  const std::string key = redis_publication_key(settings, channel, options.key);
  const std::string subscription = redis_subscription_name(settings, channel);
  const std::string size = size_text(options.history_size);
  const std::string history_time = milliseconds_text(options.history_time, std::chrono::milliseconds(1));
  const std::string position_time =
      milliseconds_text(std::max(how.position_time, options.history_time), std::chrono::milliseconds(1));
  const std::string epoch = new_epoch();
  const std::string key_time =
      options.key.empty() ? "0" : milliseconds_text(options.key_time, std::chrono::milliseconds(1));
  std::vector<std::string_view> arguments{position, history,      key,           subscription, bytes,
                                          size,     history_time, position_time, epoch,        key_time};
  // While its slot is moved, a cluster executes no command with keys of which some exist and others do not.
  if (options.key.empty()) arguments.erase(arguments.begin() + 2);
  const std::string_view key_count = options.key.empty() ? "2" : "3";
  auto call = run_script(state, channel, publish_script(), key_count, std::move(arguments));
  const auto reply = co_await std::move(call);
  if (!reply) co_return reply.error();
  co_return to_position(reply->value());
}

task<result<void>> redis_subscribe(redis_state_ptr state, std::string channel) {
  if (!state->client) co_return not_running();
  subscription_guard guard(state, channel);
  redis_attempts attempts;
  for (;;) {
    if (!state->client) co_return not_running();
    const auto sent = state->client->subscribe(channel);
    if (!sent) co_return sent.error();
    redis_request& request = **sent;
    co_await request.answered.wait();
    if (!redis_attempts::may_repeat(request)) {
      if (!*request.answer) co_return request.answer->error();
      if (const auto refused = refusal_of(request))
        co_return error(errc::closed, "Redis refused the command: " + redis_error_text(*refused));
      if (!state->client || !state->client->is_subscribed(channel))
        co_return error(errc::type_mismatch, "the answer of Redis to SUBSCRIBE has another form");
      guard.keep();
      co_return result<void>();
    }
    auto preparation = attempts.prepare(state, *sent);
    const auto prepared = co_await std::move(preparation);
    if (!prepared) co_return prepared.error();
  }
}

task<result<void>> redis_unsubscribe(redis_state_ptr state, std::string channel) {
  if (!state->client) co_return not_running();
  const auto sent = state->client->unsubscribe(channel);
  // A lost connection has no subscriptions either.
  if (sent) co_await sent->answered.wait();
  co_return result<void>();
}

task<result<broker_history>> redis_history(redis_state_ptr state, std::string channel, std::uint64_t since,
                                           std::size_t limit) {
  const redis_settings& settings = *state->settings;
  const std::string position = redis_position_key(settings, channel);
  const std::string history = redis_history_key(settings, channel);
  const std::string after = std::to_string(since);
  const std::string most = size_text(limit);
  const std::string position_time = milliseconds_text(settings.options.position_time, std::chrono::milliseconds(1));
  const std::string epoch = new_epoch();
  std::vector<std::string_view> arguments{position, history, after, most, position_time, epoch};
  auto call = run_script(state, channel, history_script(), "2", std::move(arguments));
  const auto reply = co_await std::move(call);
  if (!reply) co_return reply.error();
  co_return to_history(reply->value());
}

task<result<void>> redis_add_presence(redis_state_ptr state, std::string channel, std::string client, std::string bytes,
                                      std::chrono::milliseconds time) {
  const std::string members = redis_members_key(*state->settings, channel);
  const std::string member_bytes = redis_member_bytes_key(*state->settings, channel);
  const std::string until = milliseconds_text(time, std::chrono::milliseconds(0));
  std::vector<std::string_view> arguments{members, member_bytes, client, bytes, until};
  auto call = run_script(state, channel, add_presence_script(), "2", std::move(arguments));
  co_return co_await without_value(std::move(call));
}

task<result<void>> redis_remove_presence(redis_state_ptr state, std::string channel, std::string client) {
  const std::string members = redis_members_key(*state->settings, channel);
  const std::string member_bytes = redis_member_bytes_key(*state->settings, channel);
  std::vector<std::string_view> arguments{members, member_bytes, client};
  auto call = run_script(state, channel, remove_presence_script(), "2", std::move(arguments));
  co_return co_await without_value(std::move(call));
}

task<result<std::vector<broker_member>>> redis_presence(redis_state_ptr state, std::string channel) {
  const std::string members = redis_members_key(*state->settings, channel);
  const std::string member_bytes = redis_member_bytes_key(*state->settings, channel);
  std::vector<std::string_view> arguments{members, member_bytes};
  auto call = run_script(state, channel, presence_script(), "2", std::move(arguments));
  const auto reply = co_await std::move(call);
  if (!reply) co_return reply.error();
  co_return to_members(reply->value());
}

task<result<void>> redis_remove(redis_state_ptr state, std::string channel) {
  const std::string position = redis_position_key(*state->settings, channel);
  const std::string history = redis_history_key(*state->settings, channel);
  const std::string members = redis_members_key(*state->settings, channel);
  const std::string member_bytes = redis_member_bytes_key(*state->settings, channel);
  const std::vector<std::string_view> arguments{"DEL", position, history, members, member_bytes};
  auto call = run_command(state, channel, arguments, false);
  co_return co_await without_value(std::move(call));
}

}  // namespace twinsocket::detail
