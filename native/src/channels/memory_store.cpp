#include "channels/memory_store.hpp"

#include <algorithm>
#include <utility>

namespace twinsocket::detail {

namespace {

// Keys take at most this part of all bytes, so that they cannot drive out the histories.
constexpr std::size_t key_share = 4;

/// The name of a key: a channel's name has no NUL.
std::string key_name(std::string_view channel, std::string_view key) {
  std::string name(channel);
  name += '\0';
  return name += key;
}

}  // namespace

memory_store::channel* memory_store::find_or_make(std::string_view name) {
  if (const auto found = channels_.find(name); found != channels_.end()) return &found->second;
  if (channels_.size() >= limits_.channels) return nullptr;
  channel& made = channels_[std::string(name)];
  made.epoch = run_ + "-" + std::to_string(++epochs_);
  return &made;
}

memory_store::published memory_store::publish(std::string_view channel, std::string_view bytes,
                                              const broker_publish_options& options, time_point now) {
  expire(now);
  const std::string key = options.key.empty() ? std::string() : key_name(channel, options.key);
  if (const auto known = keys_.find(key); !key.empty() && known != keys_.end()) return {known->second, true};
  published out;
  if (options.history_size > 0) {
    if (auto* const in = find_or_make(channel)) {
      ++in->last;
      keep(*in, bytes, options, now);
      expect(*in, channel, in->history_until);
      out.position = broker_position{in->last, in->epoch};
    }
  }
  const std::size_t size = key.size() + overhead;
  if (!key.empty() && bytes_ + size <= limits_.bytes && key_bytes_ + size <= limits_.bytes / key_share) {
    const auto made = keys_.emplace(key, out.position).first;
    key_deadlines_.emplace(add_saturating(now, options.key_time), made->first);
    bytes_ += size;
    key_bytes_ += size;
  }
  return out;
}

// A publication that has no room is not kept, and neither are those before it: a history has no holes.
void memory_store::keep(channel& in, std::string_view bytes, const broker_publish_options& options, time_point now) {
  in.history_until = add_saturating(now, options.history_time);
  while (in.history.size() >= options.history_size) forget_oldest(in);
  const std::size_t size = bytes.size() + overhead;
  while (!in.history.empty() && bytes_ + size > limits_.bytes) forget_oldest(in);
  if (bytes_ + size > limits_.bytes) return;
  in.history.push_back({std::string(bytes), in.last});
  bytes_ += size;
}

void memory_store::forget_oldest(channel& in) {
  bytes_ -= in.history.front().bytes.size() + overhead;
  in.history.pop_front();
}

void memory_store::forget_history(channel& in) {
  while (!in.history.empty()) forget_oldest(in);
}

broker_history memory_store::history(std::string_view channel, std::uint64_t since, std::size_t limit, time_point now) {
  expire(now);
  auto* const in = find_or_make(channel);
  if (!in) return {};
  if (in->last == 0) {
    in->history_until = add_saturating(now, broker_publish_options().history_time);
    expect(*in, channel, in->history_until);
  }
  broker_history out{.last = {in->last, in->epoch}, .oldest = in->history.empty() ? 0 : in->history.front().offset};
  for (const kept& one : in->history) {
    if (one.offset <= since) continue;
    if (out.publications.size() == limit) break;
    out.publications.push_back({one.offset, one.bytes});
  }
  return out;
}

void memory_store::subscribe(std::string_view channel, time_point now) {
  expire(now);
  if (auto* const in = find_or_make(channel)) ++in->subscriptions;
}

void memory_store::unsubscribe(std::string_view channel, time_point now) {
  if (const auto found = channels_.find(channel); found != channels_.end() && found->second.subscriptions > 0)
    --found->second.subscriptions;
  erase_if_unused(channel, now);
  expire(now);
}

bool memory_store::add_presence(std::string_view channel, std::string_view client, std::string bytes, time_point until,
                                time_point now) {
  expire(now);
  auto* const in = find_or_make(channel);
  if (!in) return false;
  if (const auto known = in->members.find(client); known != in->members.end()) forget_member(*in, known);
  const std::size_t size = client.size() + bytes.size() + overhead;
  if (bytes_ + size > limits_.bytes) {
    erase_if_unused(channel, now);
    return false;
  }
  bytes_ += size;
  in->members.emplace(std::string(client), here{std::move(bytes), until});
  expect(*in, channel, until);
  return true;
}

void memory_store::forget_member(channel& in, std::map<std::string, here, std::less<>>::iterator member) {
  bytes_ -= member->first.size() + member->second.bytes.size() + overhead;
  in.members.erase(member);
}

void memory_store::remove_presence(std::string_view channel, std::string_view client, time_point now) {
  if (const auto found = channels_.find(channel); found != channels_.end())
    if (const auto member = found->second.members.find(client); member != found->second.members.end())
      forget_member(found->second, member);
  erase_if_unused(channel, now);
  expire(now);
}

std::vector<broker_member> memory_store::presence(std::string_view channel, time_point now) {
  expire(now);
  std::vector<broker_member> out;
  if (const auto found = channels_.find(channel); found != channels_.end())
    for (const auto& [client, one] : found->second.members) out.push_back({client, one.bytes});
  return out;
}

void memory_store::remove(std::string_view channel) {
  const auto found = channels_.find(channel);
  if (found == channels_.end()) return;
  auto& in = found->second;
  forget_history(in);
  while (!in.members.empty()) forget_member(in, in.members.begin());
  if (in.subscriptions == 0) {
    erase(found);
  } else {
    in.epoch = run_ + "-" + std::to_string(++epochs_);
    in.last = 0;
  }
}

// One deadline for a channel, the earliest: a publication that renews the history's time adds none.
void memory_store::expect(channel& in, std::string_view name, time_point when) {
  if (when == time_point::max() || (in.due && (*in.due)->first <= when)) return;
  if (in.due) channel_deadlines_.erase(*in.due);
  in.due = channel_deadlines_.emplace(when, channels_.find(name)->first);
}

void memory_store::erase(by_name<channel>::iterator one) {
  if (one->second.due) channel_deadlines_.erase(*one->second.due);
  channels_.erase(one);
}

void memory_store::expire(time_point now) {
  while (!channel_deadlines_.empty() && channel_deadlines_.begin()->first <= now)
    expire_channel(channel_deadlines_.begin()->second, now);
  while (!key_deadlines_.empty() && key_deadlines_.begin()->first <= now) {
    const auto key = keys_.find(key_deadlines_.begin()->second);
    bytes_ -= key->first.size() + overhead;
    key_bytes_ -= key->first.size() + overhead;
    key_deadlines_.erase(key_deadlines_.begin());
    keys_.erase(key);
  }
}

// `name` is that of an entry, which may go.
void memory_store::expire_channel(std::string_view name, time_point now) {
  auto& in = channels_.find(name)->second;
  channel_deadlines_.erase(*in.due);
  in.due.reset();
  if (in.history_until <= now) forget_history(in);
  time_point next = in.history_until > now ? in.history_until : time_point::max();
  for (auto member = in.members.begin(); member != in.members.end();) {
    const auto current = member++;
    if (current->second.until <= now) {
      forget_member(in, current);
    } else {
      next = std::min(next, current->second.until);
    }
  }
  expect(in, name, next);
  erase_if_unused(name, now);
}

void memory_store::erase_if_unused(std::string_view name, time_point now) {
  const auto found = channels_.find(name);
  if (found == channels_.end()) return;
  const auto& in = found->second;
  if (in.subscriptions == 0 && in.members.empty() && in.history_until <= now) erase(found);
}

}  // namespace twinsocket::detail
