#include "channels/channel_hub.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "channels/envelope.hpp"
#include "codec/document_error.hpp"
#include "protocol/utf8.hpp"

namespace twinsocket::detail {

namespace protocol = channel_protocol;

namespace {

std::string_view namespace_of(std::string_view channel) {
  const std::size_t colon = channel.find(':');
  return channel.substr(0, colon == std::string_view::npos ? 0 : colon);
}

}  // namespace

result<void> channel_hub::add(std::string name, channel_options options) {
  if (name.find(':') != std::string::npos)
    return error(errc::invalid_argument, "the namespace \"" + name + "\" has a colon");
  const auto [place, added] = namespaces_.try_emplace(std::move(name), channel_namespace{std::move(options)});
  if (!added) return error(errc::invalid_argument, "the namespace \"" + place->first + "\" was added already");
  return {};
}

const channel_options* channel_hub::find(std::string_view channel) const {
  const auto is_control = [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; };
  if (channel.empty() || channel.size() > options_.max_name_bytes() ||
      std::any_of(channel.begin(), channel.end(), is_control) || !is_valid_utf8(channel))
    return nullptr;
  const auto found = namespaces_.find(namespace_of(channel));
  return found == namespaces_.end() ? nullptr : &found->second.options;
}

task<result<void>> channel_hub::enter(std::string channel) {
  std::shared_ptr<interest> one;
  {
    const std::scoped_lock lock(mutex_);
    auto found = interests_.find(channel);
    if (found == interests_.end()) {
      channel_namespace& its = namespaces_.find(namespace_of(channel))->second;
      if (interests_.size() >= options_.max_channels() || its.interests >= its.options.max_channels())
        co_return error(errc::queue_full,
                        "the server has " +
                            std::to_string(std::min(options_.max_channels(), its.options.max_channels())) +
                            " channels already");
      found = interests_.emplace(channel, std::make_shared<interest>()).first;
      ++its.interests;
    }
    one = found->second;
    ++one->count;
  }
  result<void> subscribed;
  {
    const async_lock changing = co_await one->changing.lock();
    if (!one->subscribed) {
      subscribed = co_await broker_->subscribe(channel);
      one->subscribed = subscribed.has_value();
      if (one->subscribed) tell_occupied(channel, true);
    }
  }
  if (!subscribed) co_await leave(std::move(channel));
  co_return subscribed;
}

task<void> channel_hub::leave(std::string channel) {
  std::shared_ptr<interest> one;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = interests_.find(channel);
    if (found == interests_.end()) co_return;
    one = found->second;
    --one->count;
  }
  const async_lock changing = co_await one->changing.lock();
  {
    const std::scoped_lock lock(mutex_);
    if (one->count != 0) co_return;
  }
  // If the broker cannot be reached it has forgotten the subscription anyway.
  if (std::exchange(one->subscribed, false)) {
    tell_occupied(channel, false);
    static_cast<void>(co_await broker_->unsubscribe(channel));
  }
  const std::scoped_lock lock(mutex_);
  const auto found = interests_.find(channel);
  if (one->count != 0 || found == interests_.end() || found->second != one) co_return;
  interests_.erase(found);
  --namespaces_.find(namespace_of(channel))->second.interests;
}

void channel_hub::tell_occupied(std::string_view channel, bool occupied) const {
  const channel_options* const options = find(channel);
  if (options && options->on_occupied()) options->on_occupied()(channel, occupied);
}

void channel_hub::abandon(std::string_view channel) {
  const std::scoped_lock lock(mutex_);
  const auto found = interests_.find(channel);
  if (found != interests_.end()) --found->second->count;
}

// A character of a text takes up to six bytes in JSON, as in \u0001.
std::size_t channel_hub::max_request_bytes() const {
  std::size_t largest = 0;
  for (const auto& [name, one] : namespaces_) largest = std::max(largest, one.options.max_publication_bytes());
  constexpr std::size_t besides = 16 * kib;
  const std::size_t most = std::numeric_limits<std::size_t>::max() / 6 - besides;
  return 6 * (std::min(largest, most) + options_.max_name_bytes()) + besides;
}

subscription channel_hub::listen(connection& socket, const any_codec& codec, const std::string& channel,
                                 const send_options& delivery) {
  auto& its = *std::find_if(formats_.begin(), formats_.end(),
                            [&](const format& one) { return one.codec.name() == codec.name(); });
  return its.subscribers.subscribe(socket, channel, delivery);
}

task<result<std::optional<broker_position>>> channel_hub::publish(std::string channel, protocol::publication what,
                                                                  std::string key) {
  const channel_options* const options = find(channel);
  if (!options) co_return error(errc::invalid_argument, "there is no channel " + quote_for_error(channel));
  // Named, because g++ before 13 may destroy temporaries of a co_await expression twice.
  broker_publish_options how{
      .history_size = options->history(), .history_time = options->history_time(), .key = std::move(key)};
  const bool by_client = what.publisher.has_value();
  auto bytes = encode_event(std::move(what));
  if (!bytes) co_return bytes.error();
  const auto started = std::chrono::steady_clock::now();
  auto made = co_await broker_->publish(std::move(channel), std::move(*bytes), std::move(how));
  metrics_.count_call(std::chrono::steady_clock::now() - started, made.has_value());
  if (made) metrics_.count_publication(by_client);
  co_return made;
}

task<void> channel_hub::announce(std::string channel, bool joined, protocol::member who) {
  broker_event what = protocol::left{channel, who};
  if (joined) what = protocol::joined{channel, std::move(who)};
  broker_publish_options nothing_kept;
  auto bytes = encode_event(what);
  if (bytes)
    static_cast<void>(co_await broker_->publish(std::move(channel), std::move(*bytes), std::move(nothing_kept)));
}

void channel_hub::on_publication(std::string_view channel, const broker_publication& one, std::string_view epoch) {
  result<broker_event> what = decode_event(one.bytes);
  if (!what) return;  // Somebody else uses the same broker.
  for (const auto& weak : listeners_)
    if (const auto listener = weak.lock()) listener->on_event(channel, *what, {one.offset, std::string(epoch)});
  if (auto* const publication = std::get_if<protocol::publication>(&*what)) {
    publication->offset = static_cast<std::int64_t>(one.offset);
    deliver(channel, protocol::published{std::string(channel), std::string(epoch), std::move(*publication)});
  } else if (auto* const joined = std::get_if<protocol::joined>(&*what)) {
    deliver(channel, std::move(*joined));
  } else {
    deliver(channel, std::get<protocol::left>(std::move(*what)));
  }
}

void channel_hub::deliver(std::string_view channel, const protocol::server_message& what) {
  for (format& one : formats_)
    if (one.subscribers.subscribers(channel) > 0) static_cast<void>(one.subscribers.publish(channel, one.codec, what));
}

std::string channel_hub::metrics_text() const {
  std::size_t channels = 0;
  {
    const std::scoped_lock lock(mutex_);
    channels = interests_.size();
  }
  return metrics_.text(channels, broker_->health().ok);
}

void channel_hub::on_gap(std::string_view channel) {
  metrics_.count_gap();
  deliver(channel, protocol::unsubscribed{std::string(channel), "publications may have been lost", true});
  for (const auto& weak : listeners_)
    if (const auto listener = weak.lock()) listener->on_gap(channel);
}

std::size_t channel_hub::subscribers(std::string_view channel) const {
  std::size_t count = 0;
  for (const format& one : formats_) count += one.subscribers.subscribers(channel);
  for (const auto& weak : listeners_)
    if (const auto listener = weak.lock()) count += listener->subscribers(channel);
  return count;
}

}  // namespace twinsocket::detail
