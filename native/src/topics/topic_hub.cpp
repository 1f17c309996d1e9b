#include "topics/topic_hub.hpp"

#include <algorithm>
#include <utility>

namespace twinsocket::detail {

subscriber::subscriber(std::shared_ptr<topic_hub> hub, std::shared_ptr<connection_state> connection,
                       send_options delivery_options)
    : waiter(*connection),
      hub_(std::move(hub)),
      connection_(std::move(connection)),
      encoding_(connection_->encoding()) {
  if (delivery_options.overflow_policy() == overflow_policy::wait)
    delivery_options.overflow_policy(overflow_policy::close);
  if (encoding_ && !delivery_options.compress()) encoding_ = frame_encoding{};
  const bool is_usual = delivery_options.overflow_policy() == overflow_policy::close && delivery_options.compress() &&
                        delivery_options.queue_limit() == send_options().queue_limit();
  if (!is_usual) own_delivery_options_ = std::make_unique<const send_options>(std::move(delivery_options));
}

const send_options subscriber::usual_delivery_options = send_options().overflow_policy(overflow_policy::close);

void subscriber::subscribe(std::string_view name) {
  if (connection_->settled()) return;
  std::list<shared_frames> missed;
  {
    const std::scoped_lock lock(hub_->mutex_);
    const auto shard = hub_->shard_for(loop::require_current());
    auto found = hub_->topics_.find(name);
    if (found == hub_->topics_.end())
      found = hub_->topics_.emplace(name, std::make_unique<topic>(std::string(name))).first;
    topic& t = *found->second;
    const auto here = std::find_if(t.shard_members.begin(), t.shard_members.end(),
                                   [&](const auto& part) { return part->shard == shard; });
    shard_members_ = here != t.shard_members.end()
                         ? *here
                         : t.shard_members.emplace_back(std::make_shared<topic_shard_members>(t, shard));
    ++t.count;
    ++shard_members_->count;
    ++shard->count;
    joined_at_ = t.last;
    missed = t.history;
  }
  index_ = shard_members_->members.size();
  shard_members_->members.push_back(this);
  for (shared_frames& frames : missed) send({.to = nullptr, .frames = std::move(frames), .number = 0});
  connection_->watch_end(*this, {});
}

// The last subscriber of a part removes the part, of a topic the topic, and of a shard the shard.
void subscriber::unsubscribe() noexcept {
  if (!shard_members_) return;
  std::vector<publication> undelivered;
  {
    const std::scoped_lock lock(hub_->mutex_);
    topic& t = shard_members_->of;
    if (--shard_members_->count == 0) std::erase(t.shard_members, shard_members_);
    if (--t.count == 0) hub_->topics_.erase(hub_->topics_.find(t.name));
    const auto& shard = shard_members_->shard;
    if (--shard->count == 0) {
      undelivered.swap(shard->inbox);
      shard->inbox_bytes = 0;
      std::erase(hub_->shards_, shard);
    }
  }
  subscriber* const last = shard_members_->members.back();
  shard_members_->members[index_] = last;
  last->index_ = index_;
  shard_members_->members.pop_back();
  shard_members_.reset();
  connection_.reset();
}

// Called on every event of the connection; only its end matters.
bool subscriber::ready() {
  if (!connection_->settled()) return false;
  unsubscribe();
  return true;
}

void subscriber::send(const publication& one) {
  const send_request message{
      .kind = one.frames->kind(), .bytes = one.frames->payload(), .options = &delivery_options(), .shared = one.frames};
  // Failures are ignored: the overflow policy has handled them.
  [[maybe_unused]] const send_result outcome = connection_->send(message);
}

std::shared_ptr<topic_shard> topic_hub::shard_for(loop& own_loop) {
  const auto found =
      std::find_if(shards_.begin(), shards_.end(), [&](const auto& shard) { return shard->belongs_to(own_loop); });
  if (found != shards_.end()) return *found;
  return shards_.emplace_back(std::make_shared<topic_shard>(weak_from_this(), own_loop));
}

bool topic_hub::publish(std::string_view name, const shared_frames& frames, const publish_options& how) {
  const std::scoped_lock lock(mutex_);
  const auto found = topics_.find(name);
  if (found == topics_.end()) return true;
  topic& t = *found->second;
  const auto is_full = [&](const auto& part) { return part->shard->inbox_bytes >= options_.queue_bytes(); };
  if (std::any_of(t.shard_members.begin(), t.shard_members.end(), is_full)) return false;
  ++t.last;
  if (options_.history() != 0 && how.retain()) retain(t, frames);
  for (const auto& part : t.shard_members)
    part->shard->enqueue({.to = part, .frames = frames, .number = t.last, .exclude = how.exclude()});
  return true;
}

void topic_hub::retain(topic& t, const shared_frames& frames) const {
  t.history.push_back(frames);
  t.history_bytes += frames->payload().size();
  while (t.history.size() > options_.history() || t.history_bytes > options_.history_bytes()) {
    t.history_bytes -= t.history.front()->payload().size();
    t.history.pop_front();
  }
}

std::size_t topic_hub::subscribers(std::string_view name) const {
  const std::scoped_lock lock(mutex_);
  const auto found = topics_.find(name);
  return found == topics_.end() ? 0 : found->second->count;
}

}  // namespace twinsocket::detail
