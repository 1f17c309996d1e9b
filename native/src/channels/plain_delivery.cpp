#include "channels/plain_delivery.hpp"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>
#include <vector>

#include "channels/envelope.hpp"
#include "twinsocket/chrono.hpp"

namespace twinsocket::detail {

namespace protocol = channel_protocol;

namespace {

constexpr std::chrono::seconds retry_delay(1);
constexpr std::size_t max_waiting = 1000;

// A subprotocol has no blank.
std::string topic_of(std::string_view subprotocol, std::string_view channel) {
  return std::string(subprotocol).append(" ").append(channel);
}

channel_user user_of(const protocol::member& who) { return {who.client, who.user, who.info}; }

std::chrono::milliseconds wall_clock() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
}

plain_channel_event event_of(std::string_view channel, const broker_event& what) {
  plain_channel_event out;
  out.channel = channel;
  if (const auto* const one = std::get_if<protocol::publication>(&what)) {
    if (one->text) out.content = message(*one->text);
    if (one->data) out.content = message(message_kind::binary, std::span(*one->data));
    if (one->publisher) out.who = user_of(*one->publisher);
    out.time = std::chrono::milliseconds(one->time);
  } else if (const auto* const joined = std::get_if<protocol::joined>(&what)) {
    out.what = plain_channel_event::kind::joined;
    out.who = user_of(joined->member);
    out.time = wall_clock();
  } else {
    out.what = plain_channel_event::kind::left;
    out.who = user_of(std::get<protocol::left>(what).member);
    out.time = wall_clock();
  }
  return out;
}

}  // namespace

/// Removes a member that could not be subscribed.
class plain_delivery::entry {
 public:
  entry(plain_delivery& from, const connection& socket, const std::string& channel) noexcept
      : from_(&from), socket_(socket), channel_(channel) {}
  entry(const entry&) = delete;
  ~entry() {
    if (from_) from_->end(socket_, channel_);
  }
  void keep() noexcept { from_ = nullptr; }

 private:
  plain_delivery* from_;
  const connection& socket_;
  const std::string& channel_;
};

task<result<subscription>> plain_delivery::begin(connection& socket, std::string channel,
                                                 const channel_options& options) {
  const std::string subprotocol(socket.subprotocol());
  const auto subscribe = [&] {
    return subscribers_.subscribe(socket, topic_of(subprotocol, channel), options.delivery());
  };
  {
    const std::scoped_lock lock(mutex_);
    ++rooms_[channel].members[subprotocol];
  }
  entry made(*this, socket, channel);
  while (options.history() > 0) {
    const auto kept = co_await hub_->where().history(channel, 0, options.history());
    if (!kept) co_return kept.error();
    bool begins_epoch = false;
    {
      const std::scoped_lock lock(mutex_);
      room& here = rooms_.at(channel);
      if (!here.last) here.last = kept->last;
      if (kept->last.epoch == here.last->epoch && kept->last.offset >= here.last->offset) {
        send_history(socket, channel, *kept, *here.last);
        made.keep();
        co_return subscribe();
      }
      // Read before the last publication was delivered, or the others have not been told of a new epoch: ask again.
      begins_epoch = kept->last.epoch != here.last->epoch && !std::exchange(here.incomplete, true);
    }
    if (begins_epoch) co_await complete(shared_from_this(), channel);
  }
  made.keep();
  co_return subscribe();
}

void plain_delivery::end(const connection& socket, const std::string& channel) noexcept {
  const std::scoped_lock lock(mutex_);
  const auto found = rooms_.find(channel);
  if (found == rooms_.end()) return;
  auto& members = found->second.members;
  const auto mine = members.find(socket.subprotocol());
  if (mine != members.end() && --mine->second == 0) members.erase(mine);
  if (members.empty()) rooms_.erase(found);
}

std::optional<message> plain_delivery::encode(const plain_channel_event& event, std::string_view subprotocol) const {
  if (how_.encode()) {
    auto encoded = how_.encode()(event, subprotocol);
    if (!encoded || !*encoded) return std::nullopt;
    return std::move(**encoded);
  }
  if (event.what != plain_channel_event::kind::published) return std::nullopt;
  return message(event.content.kind(), event.content.bytes());
}

void plain_delivery::deliver(const std::string& channel, const room& to, const plain_channel_event& event) {
  for (const auto& [subprotocol, count] : to.members)
    if (const auto encoded = encode(event, subprotocol))
      static_cast<void>(subscribers_.publish(topic_of(subprotocol, channel), prepared_message(*encoded)));
}

void plain_delivery::send_history(connection& socket, const std::string& channel, const broker_history& kept,
                                  const broker_position& last) const {
  std::span<const broker_publication> shown(kept.publications);
  while (!shown.empty() && shown.back().offset > last.offset) shown = shown.first(shown.size() - 1);
  for (const broker_publication& one : shown.last(std::min(shown.size(), how_.history()))) {
    const auto what = decode_event(one.bytes);
    if (!what) continue;
    if (const auto encoded = encode(event_of(channel, *what), socket.subprotocol()))
      static_cast<void>(socket.try_send(*encoded));
  }
}

void plain_delivery::on_event(std::string_view channel, const broker_event& what, const broker_position& at) {
  const std::scoped_lock lock(mutex_);
  const auto found = rooms_.find(std::string(channel));
  if (found == rooms_.end()) return;
  room& to = found->second;
  if (at.offset == 0) return deliver(found->first, to, event_of(channel, what));
  if (!to.incomplete) return deliver_in_order(found->first, to, at, what);
  to.overflowed = to.overflowed || to.waiting.size() >= max_waiting;
  if (!to.overflowed) to.waiting.push_back({at, what});
}

void plain_delivery::deliver_in_order(const std::string& channel, room& to, const broker_position& at,
                                      const broker_event& what) {
  if (to.last && to.last->epoch == at.epoch && at.offset <= to.last->offset) return;
  to.last = at;
  deliver(channel, to, event_of(channel, what));
}

void plain_delivery::on_gap(std::string_view channel) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = rooms_.find(std::string(channel));
    if (found == rooms_.end() || !found->second.last || std::exchange(found->second.incomplete, true)) return;
    missed_.push_back(found->first);
    if (std::exchange(completing_, true)) return;
  }
  spawn(complete_all(shared_from_this()));
}

std::size_t plain_delivery::subscribers(std::string_view channel) const {
  const std::scoped_lock lock(mutex_);
  const auto found = rooms_.find(std::string(channel));
  if (found == rooms_.end()) return 0;
  std::size_t count = 0;
  for (const auto& [subprotocol, members] : found->second.members) count += members;
  return count;
}

// One after the other: a lost connection to the broker concerns all channels.
task<void> plain_delivery::complete_all(std::shared_ptr<plain_delivery> self) {
  while (auto channel = self->next_missed()) co_await complete(self, std::move(*channel));
}

std::optional<std::string> plain_delivery::next_missed() {
  const std::scoped_lock lock(mutex_);
  completing_ = !missed_.empty();
  if (!completing_) return std::nullopt;
  std::string first = std::move(missed_.front());
  missed_.pop_front();
  return first;
}

task<void> plain_delivery::complete(std::shared_ptr<plain_delivery> self, std::string channel) {
  const channel_options* const options = self->hub_->find(channel);
  while (self->ask_for_missed(channel)) {
    const auto kept = co_await self->hub_->where().history(channel, 0, options->history());
    if (kept) {
      self->deliver_missed(channel, *kept);
    } else {
      co_await sleep_for(retry_delay);
    }
  }
}

bool plain_delivery::ask_for_missed(const std::string& channel) {
  const std::scoped_lock lock(mutex_);
  const auto found = rooms_.find(channel);
  if (found == rooms_.end() || !found->second.incomplete) return false;
  found->second.waiting.clear();
  found->second.overflowed = false;
  return true;
}

void plain_delivery::deliver_missed(const std::string& channel, const broker_history& kept) {
  const std::scoped_lock lock(mutex_);
  const auto found = rooms_.find(channel);
  if (found == rooms_.end()) return;
  room& to = found->second;
  for (const broker_publication& one : kept.publications)
    if (const auto what = decode_event(one.bytes)) deliver_in_order(channel, to, {one.offset, kept.last.epoch}, *what);
  if (!to.last || to.last->epoch != kept.last.epoch || to.last->offset < kept.last.offset) to.last = kept.last;
  if (to.overflowed) return;
  for (const arrival& one : std::exchange(to.waiting, {})) deliver_in_order(channel, to, one.at, one.what);
  to.incomplete = false;
}

}  // namespace twinsocket::detail
